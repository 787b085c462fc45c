import BridgeCore

/// A token endpoint's answer (RFC 6749 section 5), and what it means.
struct TokenAnswer {
    /// A lifetime above this counts as this: thirty days.
    static let lifetimeSecondsMax = 2_592_000.0
    /// The lifetime of a token that comes without one (RFC 6749 section 5.1 only recommends `expires_in`).
    static let lifetimeSecondsUnstated = 900.0

    /// The HTTP status.
    var status: Int
    /// The `Retry-After` header, in seconds.
    var retryAfterSeconds: Int?
    /// The body.
    var body: [UInt8]

    /// An answer of the given parts; `nowSeconds` since 1970 is for a `Retry-After` that is a date where there is no
    /// `Date`.
    init(status: Int, retryAfter: String? = nil, date: String? = nil, nowSeconds: Int64 = 0, body: [UInt8]) {
        self.status = status
        self.retryAfterSeconds = retryAfter.flatMap {
            RetryAfter.seconds(header: $0, date: date, nowSeconds: nowSeconds)
        }
        self.body = body
    }

    /// The grant, or why there is none. `secrets` are what must not be shown although the server may send it back.
    func grant(hiding secrets: [Secret]) throws(TokenRefusal) -> TokenGrant {
        guard let fields = JSONFields(self.body.span) else {
            throw self.refusal("the answer is not a JSON object")
        }
        guard self.status == 200 else {
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
        let reason = what.isEmpty ? "HTTP \(self.status)" : "HTTP \(self.status): \(what)"
        return TokenRefusal(reason: reason, retryAfterSeconds: self.retryAfterSeconds)
    }
}
