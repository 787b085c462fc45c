/// A server: where to connect, and whether with TLS.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// TLS (`https`, `wss`) or plain TCP (`http`, `ws`), which only simulators speak.
    public var isSecure: Bool
    /// A host name, or an IP address without brackets.
    public var host: String
    /// The TCP port.
    public var port: Int

    /// A server at `host`; without a port it is 443 or 80.
    public init(isSecure: Bool = true, host: String, port: Int? = nil) {
        self.isSecure = isSecure
        self.host = host
        self.port = port ?? Self.defaultPort(isSecure: isSecure)
    }

    /// Reads `https://host[:port]`, `wss://…`, or the plain `http://…` and `ws://…`; nil where the text is anything
    /// else: a path, a query or user information is refused, for it would be left out silently.
    public init?(url: String) {
        guard let separator = url.firstRange(of: "://") else { return nil }
        switch url[..<separator.lowerBound].lowercased() {
        case "https", "wss": self.isSecure = true
        case "http", "ws": self.isSecure = false
        default: return nil
        }
        var authority = url[separator.upperBound...]
        if authority.hasSuffix("/") { authority.removeLast() }
        let host: Substring
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<bracket]
            guard host.contains(":"), host.utf8.allSatisfy(Self.isAddressByte) else { return nil }
            authority = authority[authority.index(after: bracket)...]
        } else {
            host = authority.prefix { $0 != ":" }
            guard Self.isHostName(host) else { return nil }
            authority = authority[host.endIndex...]
        }
        self.host = String(host)
        guard !authority.isEmpty else {
            self.port = Self.defaultPort(isSecure: self.isSecure)
            return
        }
        let digits = authority.dropFirst()
        guard authority.hasPrefix(":"), digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let port = Int(digits),
            1...65_535 ~= port
        else { return nil }
        self.port = port
    }

    /// `https://…` or `http://…`, with `path` behind it.
    public func httpURL(path: String = "") -> String {
        "\(self.isSecure ? "https" : "http")://\(self.authority)\(path)"
    }

    /// `wss://…` or `ws://…`.
    public var webSocketURL: String { "\(self.isSecure ? "wss" : "ws")://\(self.authority)" }

    /// Host and port.
    public var description: String {
        let host = self.host.contains(":") ? "[\(self.host)]" : self.host
        return "\(host):\(self.port)"
    }

    /// Whether `text` can be a host name: labels of letters, digits and hyphens (RFC 1123 section 2.1).
    static func isHostName(_ text: some StringProtocol) -> Bool {
        guard 1...253 ~= text.utf8.count else { return false }
        return text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            1...63 ~= label.count && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                && label.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        }
    }

    private var authority: String {
        let host = self.host.contains(":") ? "[\(self.host)]" : self.host
        return self.port == Self.defaultPort(isSecure: self.isSecure) ? host : "\(host):\(self.port)"
    }

    private static func defaultPort(isSecure: Bool) -> Int { isSecure ? 443 : 80 }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte | 0x20 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: 0x30...0x39 ~= byte
        }
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        Self.isLetterOrDigit(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }
}
