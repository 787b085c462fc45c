/// An address to listen on.
struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
    var host: String
    /// 0 lets the kernel choose.
    var port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`.
    init(_ text: String) throws(ValueProblem) {
        let address = try HostAndPort(text[...])
        guard let port = address.port else {
            throw ValueProblem(problem: "has no port", remedy: "write HOST:PORT, or off")
        }
        self.init(host: address.host, port: port)
    }

    var description: String {
        self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
    }
}
