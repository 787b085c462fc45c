/// A proxy that tunnels connections (RFC 9110 section 9.3.6, `CONNECT`), spoken to in plain HTTP/1.1.
///
/// Name resolution of the target is the proxy's business; TLS runs inside the tunnel, between this client and the target.
public struct HTTPProxy: Equatable, Sendable {
    /// User name and password for HTTP Basic (RFC 7617). No way of printing them shows them.
    public struct Credentials: Equatable, Sendable {
        /// Without a colon.
        public var username: String
        /// May be empty.
        public var password: String

        /// Makes credentials. Checked when they are used.
        public init(username: String, password: String) {
            self.username = username
            self.password = password
        }
    }

    /// A host name, or an IP address without brackets.
    public var host: String
    /// The TCP port.
    public var port: Int
    /// What to show the proxy; nil: nothing.
    public var credentials: Credentials?
    /// What is connected to without the proxy.
    public var noProxy: NoProxyList

    /// Makes a proxy. Host, port and credentials are checked when they are used.
    public init(host: String, port: Int, credentials: Credentials? = nil, noProxy: NoProxyList = NoProxyList()) {
        self.host = host
        self.port = port
        self.credentials = credentials
        self.noProxy = noProxy
    }

    /// Whether a connection to `host`, a name or an IP address without brackets, is to go through this proxy.
    public func isUsed(forHost host: String, port: Int) -> Bool {
        !self.noProxy.matches(host: host, port: port)
    }

    /// Throws `.proxy` for what must not go on the wire. The text does not hold credentials.
    func validate() throws(WebSocketConnectError) {
        guard !self.host.isEmpty, self.host.utf8.allSatisfy(HTTPGrammar.isHostByte) else {
            throw .proxy("the proxy's host is not a host name or an IP address")
        }
        guard (1...65535).contains(self.port) else { throw .proxy("the proxy's port is not within 1–65535") }
        guard let credentials = self.credentials else { return }
        guard !credentials.username.utf8.contains(UInt8(ascii: ":")) else {
            throw .proxy("the user name for the proxy holds a colon")
        }
        let isPlain = (credentials.username + credentials.password).utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        guard isPlain else { throw .proxy("the credentials for the proxy hold a control character") }
    }
}

extension HTTPProxy: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Host and port.
    public var description: String { HTTPGrammar.authority(host: self.host, port: self.port) }

    /// The same as `description`.
    public var debugDescription: String { self.description }

    /// Host, port and exceptions.
    public var customMirror: Mirror {
        Mirror(self, children: ["host": self.host, "port": self.port, "noProxy": self.noProxy])
    }
}

extension HTTPProxy.Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// A placeholder.
    public var description: String { "<redacted>" }

    /// A placeholder.
    public var debugDescription: String { "<redacted>" }

    /// Nothing to look into.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
