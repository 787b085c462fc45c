/// The offer of permessage-deflate in the opening handshake, and which answers to it are good (RFC 7692 sections 5 and 7.1).
struct DeflateOffer: Equatable, Sendable {
    enum Answer: Equatable {
        /// The server does not compress.
        case declined
        case agreed(DeflateAgreement)
        /// What the server chose is not what was offered: the connection must not be used.
        case fault(String)
    }

    private static let name = "permessage-deflate"
    private static let serverNoContext = "server_no_context_takeover"
    private static let clientNoContext = "client_no_context_takeover"
    private static let serverWindow = "server_max_window_bits"

    let serverContextTakeover: Bool

    /// Nil: nothing is offered.
    init?(_ compression: WebSocketCompression) {
        switch compression {
        case .off: return nil
        case .permessageDeflate(let serverContextTakeover): self.serverContextTakeover = serverContextTakeover
        }
    }

    /// The value of `Sec-WebSocket-Extensions`. That we keep no context ourselves costs nothing to promise, for we do not compress, and
    /// spares the server its memory.
    var headerValue: String {
        ([Self.name, Self.clientNoContext] + (self.serverContextTakeover ? [] : [Self.serverNoContext]))
            .joined(separator: "; ")
    }

    /// Judges the values of the answer's `Sec-WebSocket-Extensions`. With nothing offered, nothing may be chosen.
    static func answer(_ values: [String], to offer: Self?) -> Answer {
        let elements = values.flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        guard let element = elements.first else { return .declined }
        let parts = element.split(separator: ";", omittingEmptySubsequences: false).map(HTTPGrammar.trimmed)
        // Tokens, but servers were seen to write them in other cases.
        guard let offer, elements.count == 1, parts[0].lowercased() == Self.name else {
            return .fault("the server chose an extension that was not offered")
        }
        return offer.judge(parts.dropFirst())
    }

    private func judge(_ parameters: ArraySlice<Substring>) -> Answer {
        var seen: Set<String> = []
        for parameter in parameters {
            let (name, value) = Self.split(parameter)
            guard seen.insert(name).inserted else { return Self.fault("has a parameter twice") }
            switch name {
            case Self.serverNoContext, Self.clientNoContext:
                guard value == nil else { return Self.fault("has a value for \(name)") }
            case Self.serverWindow:
                guard let value, (8...15).contains(where: { String($0) == value }) else {
                    return Self.fault("has a window that is not 8 to 15 bits")
                }
            default:
                // Among them is client_max_window_bits, which we must have offered first.
                return Self.fault("has a parameter that was not offered")
            }
        }
        let keepsContext = !seen.contains(Self.serverNoContext)
        guard !keepsContext || self.serverContextTakeover else {
            return Self.fault("lacks \(Self.serverNoContext), which was asked for")
        }
        return .agreed(DeflateAgreement(keepsContext: keepsContext))
    }

    /// `name`, `name=value` or `name="value"`.
    private static func split(_ parameter: Substring) -> (name: String, value: Substring?) {
        guard let equals = parameter.firstIndex(of: "=") else { return (parameter.lowercased(), nil) }
        let name = HTTPGrammar.trimmed(parameter[..<equals]).lowercased()
        var value = HTTPGrammar.trimmed(parameter[parameter.index(after: equals)...])
        if value.utf8.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") { value = value.dropFirst().dropLast() }
        return (name, value)
    }

    private static func fault(_ predicate: String) -> Answer {
        .fault("the server's answer to the offer of \(Self.name) \(predicate)")
    }
}
