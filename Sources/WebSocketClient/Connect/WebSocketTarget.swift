/// Where to connect to, and what to ask for there.
public struct WebSocketTarget: Equatable, Sendable {
    /// RFC 6455 section 3.
    public enum Scheme: String, CaseIterable, Sendable {
        /// Plain TCP.
        case ws
        /// TLS.
        case wss
    }

    /// Plain or TLS.
    public var scheme: Scheme
    /// A host name, or an IP address without brackets.
    public var host: String
    /// The TCP port.
    public var port: Int
    /// Path and query, percent-encoded, as they stand in the request line: `/path?name=value`.
    public var requestTarget: String
    /// Headers besides those that RFC 6455 asks for.
    public var headers: [WebSocketHeader]

    /// Makes a target. Without a port it is 80 or 443, by the scheme. Checked when it is used.
    public init(
        scheme: Scheme,
        host: String,
        port: Int? = nil,
        requestTarget: String = "/",
        headers: [WebSocketHeader] = []
    ) {
        self.scheme = scheme
        self.host = host
        self.port = port ?? (scheme == .ws ? 80 : 443)
        self.requestTarget = requestTarget
        self.headers = headers
    }

    /// Reads a `ws://` or `wss://` URL whose path and query are percent-encoded. Throws `.invalidTarget`, whose text
    /// does not repeat the URL.
    public init(url: String) throws(WebSocketConnectError) {
        guard let separator = url.firstRange(of: "://"),
            let scheme = Scheme(rawValue: url[..<separator.lowerBound].lowercased())
        else { throw .invalidTarget("the URL does not start with ws:// or wss://") }
        let rest = url[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let target = rest[authority.endIndex...]
        guard !authority.contains("@") else { throw .invalidTarget("the URL holds user information") }
        let (host, port) = try Self.split(authority)
        self.init(
            scheme: scheme,
            host: host,
            port: port,
            requestTarget: target.hasPrefix("/") ? String(target) : "/" + target
        )
        try self.validate()
    }

    private static func split(_ authority: Substring) throws(WebSocketConnectError) -> (String, Int?) {
        var host = authority
        var port: Int?
        let hostEnd = authority.hasPrefix("[") ? authority.lastIndex(of: "]") : authority.startIndex
        if let hostEnd, let colon = authority[hostEnd...].lastIndex(of: ":") {
            host = authority[..<colon]
            port = Int(authority[authority.index(after: colon)...])
            guard port != nil else { throw .invalidTarget("the URL's port is not a number") }
        }
        if host.hasPrefix("[") && host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        return (String(host), port)
    }

    /// The value of the `Host` header (RFC 9110 section 7.2).
    var hostHeader: String {
        let host = self.host.contains(":") ? "[\(self.host)]" : self.host
        return self.port == (self.scheme == .ws ? 80 : 443) ? host : "\(host):\(self.port)"
    }

    // MARK: Validation

    private static let reservedHeaders: Set<String> = [
        "host", "upgrade", "connection", "content-length", "transfer-encoding", "sec-websocket-key",
        "sec-websocket-version", "sec-websocket-accept", "sec-websocket-extensions", "sec-websocket-protocol",
    ]

    /// Throws `.invalidTarget` for what must not go on the wire.
    func validate() throws(WebSocketConnectError) {
        guard !self.host.isEmpty, self.host.utf8.allSatisfy(HTTPGrammar.isHostByte) else {
            throw .invalidTarget("the host is not a host name or an IP address")
        }
        guard (1...65535).contains(self.port) else { throw .invalidTarget("the port is not within 1–65535") }
        guard self.requestTarget.hasPrefix("/") else { throw .invalidTarget("the path does not start with /") }
        let isEncoded = self.requestTarget.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }
        guard isEncoded else { throw .invalidTarget("path and query are not percent-encoded") }
        for header in self.headers {
            guard !header.name.isEmpty, header.name.utf8.allSatisfy(HTTPGrammar.isTokenByte) else {
                throw .invalidTarget("a header's name is not a token")
            }
            guard !Self.reservedHeaders.contains(header.name.lowercased()) else {
                throw .invalidTarget("the header \(header.name) belongs to the handshake")
            }
            guard header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw .invalidTarget("the value of the header \(header.name) holds a control character")
            }
        }
    }
}

// Path, query and headers hold secrets: no way of printing a target shows them.
extension WebSocketTarget: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Scheme, host and port.
    public var description: String { "\(self.scheme.rawValue)://\(self.hostHeader)" }

    /// The same as `description`.
    public var debugDescription: String { self.description }

    /// Scheme, host and port.
    public var customMirror: Mirror {
        Mirror(self, children: ["scheme": self.scheme, "host": self.host, "port": self.port])
    }
}
