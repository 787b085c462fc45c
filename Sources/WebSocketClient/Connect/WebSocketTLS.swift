/// How `wss` connections are secured. The certificate chain and the host name are always verified, and the protocol is
/// TLS 1.2 or newer.
public struct WebSocketTLS: Equatable, Sendable {
    /// A PEM file with certificates to trust besides the system's.
    public var additionalCAFile: String?
    /// A PEM file with this client's certificate, followed by its intermediates.
    public var clientCertificateFile: String?
    /// A PEM file with the private key of the client certificate.
    public var clientKeyFile: String?
    /// The name to ask for (SNI) and to find in the server's certificate, where it is not the target's host.
    public var serverName: String?

    /// The system's trust roots, no client certificate.
    public init(
        additionalCAFile: String? = nil,
        clientCertificateFile: String? = nil,
        clientKeyFile: String? = nil,
        serverName: String? = nil
    ) {
        self.additionalCAFile = additionalCAFile
        self.clientCertificateFile = clientCertificateFile
        self.clientKeyFile = clientKeyFile
        self.serverName = serverName
    }
}
