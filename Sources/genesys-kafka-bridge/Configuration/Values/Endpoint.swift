/// The address of a server: `https://login.mypurecloud.com`, `ws://127.0.0.1:8080`. It has no path: the bridge adds its own.
struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// What is spoken there.
    enum Scheme: String, CaseIterable, Sendable {
        case https
        case http
        case wss
        case ws
    }

    let scheme: Scheme
    /// A DNS name, an IPv4 address, or an IPv6 address without brackets.
    let host: String
    /// The port, with the scheme's own filled in.
    let port: Int
    private let hasPort: Bool

    init(scheme: Scheme, host: String, port: Int?) {
        self.scheme = scheme
        self.host = host
        self.port = port ?? Self.defaultPort(scheme)
        self.hasPort = port != nil
    }

    /// Reads `text`, whose scheme must be one of `schemes`.
    init(_ text: String, schemes: [Scheme]) throws(ValueProblem) {
        let words = schemes.map { "\($0.rawValue)://" }.joined(separator: " or ")
        let forms = schemes.map { "\($0.rawValue)://HOST[:PORT]" }.joined(separator: " or ")
        guard let separator = text.firstRange(of: "://") else {
            throw ValueProblem(problem: "is not an address", remedy: "write \(forms)")
        }
        guard let scheme = schemes.first(where: { $0.rawValue == text[..<separator.lowerBound].lowercased() }) else {
            throw ValueProblem(problem: "does not begin with \(words)", remedy: "begin with \(words)")
        }
        var rest = text[separator.upperBound...]
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard !rest.contains("@") else {
            throw ValueProblem(problem: "holds a user name", remedy: "use `credentials` for credentials")
        }
        guard !rest.contains(where: { "/?#".contains($0) }) else {
            throw ValueProblem(
                problem: "has a path",
                remedy: "write scheme, host and port only: the bridge adds the paths"
            )
        }
        let address = try HostAndPort(rest)
        self.init(scheme: scheme, host: address.host, port: address.port)
    }

    var isSecure: Bool {
        switch self.scheme {
        case .https, .wss: true
        case .http, .ws: false
        }
    }

    /// Whether bytes to it stay on this machine.
    var isLoopback: Bool { self.host == "localhost" || self.host == "::1" || self.host.hasPrefix("127.") }

    /// As it is written in a URL, without a slash at the end.
    var description: String {
        let host = self.host.contains(":") ? "[\(self.host)]" : self.host
        return "\(self.scheme.rawValue)://\(host)\(self.hasPort ? ":\(self.port)" : "")"
    }

    private static func defaultPort(_ scheme: Scheme) -> Int {
        switch scheme {
        case .https, .wss: 443
        case .http, .ws: 80
        }
    }
}
