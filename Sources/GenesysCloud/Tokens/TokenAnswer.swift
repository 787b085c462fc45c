import BridgeCore

/// A token endpoint's answer (RFC 6749 section 5), and what it means.
struct TokenAnswer {
    /// A lifetime above this counts as this: thirty days.
    static let lifetimeSecondsMax = 2_592_000.0
    /// The lifetime of a token that comes without one (RFC 6749 section 5.1 only recommends `expires_in`).
    static let lifetimeSecondsUnstated = 900.0

    private let answer: HTTPAnswer
    /// How long the server asks to be left alone, in seconds.
    let retryAfterSeconds: Int?

    /// What `answer` says; `nowSeconds` since 1970 is for a `Retry-After` that is a date where there is no `Date`.
    init(_ answer: HTTPAnswer, nowSeconds: Int64) {
        self.answer = answer
        self.retryAfterSeconds = answer.retryAfterSeconds(nowSeconds: nowSeconds)
    }

    /// The grant, or why there is none. `secrets` are what must not be shown although the server may send it back.
    func grant(hiding secrets: [Secret]) throws(TokenRefusal) -> TokenGrant {
        let location = self.answer.header("location")
        if let redirect = Redirect.description(status: self.answer.status, location: location) {
            throw self.refusal(PeerText.shown(redirect, hiding: secrets))
        }
        guard let fields = JSONFields(self.answer.body.span) else {
            let isPage = ServerMessage.isPage(self.answer.body)
            throw self.refusal(isPage ? "an HTML page came instead of JSON" : "the answer is not a JSON object")
        }
        guard self.answer.status == 200 else {
            // RFC 6749 section 5.2, and what Genesys Cloud's own errors have.
            let parts = ["error", "error_description", "description", "message", "code"].compactMap { fields.text($0) }
            throw self.refusal(PeerText.shown(parts.prefix(2).joined(separator: ": "), hiding: secrets))
        }
        guard let token = fields.text("access_token") else { throw self.refusal("no access_token in the answer") }
        if let type = fields.text("token_type"), type.lowercased() != "bearer" {
            throw self.refusal("the token's type is \(PeerText.shown(type, hiding: secrets)), not bearer")
        }
        return TokenGrant(secret: Secret(token), lifetime: .seconds(try self.lifetimeSeconds(fields)))
    }

    private func lifetimeSeconds(_ fields: JSONFields) throws(TokenRefusal) -> Double {
        let seconds: Double?
        switch fields["expires_in"] {
        case .number(let text), .string(let text): seconds = Double(text)
        case nil: seconds = Self.lifetimeSecondsUnstated
        case .other: seconds = nil
        }
        guard let seconds, seconds > 0 else { throw self.refusal("expires_in is not a positive number") }
        return min(seconds, Self.lifetimeSecondsMax)
    }

    private func refusal(_ what: String) -> TokenRefusal {
        let reason = what.isEmpty ? "HTTP \(self.answer.status)" : "HTTP \(self.answer.status): \(what)"
        return TokenRefusal(reason: reason, retryAfterSeconds: self.retryAfterSeconds)
    }
}
