/// The PEM files that a TLS server needs.
public struct TLSFiles: Sendable, Equatable {
    /// Path of the server's certificate, followed by its chain.
    public var certificatePath: String
    /// Path of the server's private key.
    public var privateKeyPath: String

    /// The files are read when the simulator starts.
    public init(certificatePath: String, privateKeyPath: String) {
        self.certificatePath = certificatePath
        self.privateKeyPath = privateKeyPath
    }
}
