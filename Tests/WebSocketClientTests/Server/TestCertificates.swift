import Foundation
import NIOSSL

/// Certificates made by the `openssl` command, in a folder that goes away with this value.
final class TestCertificates: Sendable {
    struct CommandFailed: Error {
        let arguments: [String]
        let output: String
    }

    private let folder: URL

    init() throws {
        self.folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("websocket-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        try self.makeAuthority("ca")
        try self.makeAuthority("other-ca")
        try self.make("localhost", issuer: "ca", extensions: "subjectAltName=DNS:localhost")
        try self.make("elsewhere", issuer: "ca", extensions: "subjectAltName=DNS:elsewhere.example")
        try self.make("address", issuer: "ca", extensions: "subjectAltName=IP:127.0.0.1")
        try self.make("client", issuer: "ca", extensions: "extendedKeyUsage=clientAuth")
        try self.makeExpired("expired")
    }

    deinit {
        try? FileManager.default.removeItem(at: self.folder)
    }

    func certificate(_ name: String) -> String { self.path("\(name).pem") }
    func key(_ name: String) -> String { self.path("\(name).key") }

    /// A server that shows this certificate.
    func server(
        _ name: String,
        asksForClientCertificate: Bool = false,
        _ configure: (inout TLSConfiguration) -> Void = { _ in }
    ) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(self.certificate(name)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: self.key(name), format: .pem))
        )
        if asksForClientCertificate {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .file(self.certificate("ca"))
        }
        configure(&configuration)
        return try NIOSSLContext(configuration: configuration)
    }

    private func path(_ file: String) -> String { self.folder.appendingPathComponent(file).path }

    private func makeAuthority(_ name: String) throws {
        try self.openssl(
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
                + ["-subj", "/CN=Test \(name)", "-keyout", self.key(name), "-out", self.certificate(name)]
        )
    }

    private func makeRequest(_ name: String) throws {
        try self.openssl(
            ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(name)"]
                + ["-keyout", self.key(name), "-out", self.path("\(name).csr")]
        )
    }

    private func make(_ name: String, issuer: String, extensions: String) throws {
        try self.makeRequest(name)
        let extensionFile = self.path("\(name).ext")
        try extensions.write(toFile: extensionFile, atomically: true, encoding: .utf8)
        try self.openssl(
            [
                "x509", "-req", "-in", self.path("\(name).csr"), "-CA", self.certificate(issuer), "-CAkey",
                self.key(issuer),
            ]
                + ["-CAcreateserial", "-days", "1", "-extfile", extensionFile, "-out", self.certificate(name)]
        )
    }

    /// `openssl ca` is the one command that takes dates in the past in every version.
    private func makeExpired(_ name: String) throws {
        try self.makeRequest(name)
        try "".write(toFile: self.path("index.txt"), atomically: true, encoding: .utf8)
        try """
        [ca]
        default_ca = this
        [this]
        database = \(self.path("index.txt"))
        new_certs_dir = \(self.folder.path)
        certificate = \(self.certificate("ca"))
        private_key = \(self.key("ca"))
        default_md = sha256
        rand_serial = yes
        policy = any
        x509_extensions = names
        [any]
        commonName = supplied
        [names]
        subjectAltName = DNS:localhost
        """.write(toFile: self.path("ca.conf"), atomically: true, encoding: .utf8)
        try self.openssl(
            ["ca", "-batch", "-config", self.path("ca.conf"), "-in", self.path("\(name).csr")]
                + ["-startdate", "20200101000000Z", "-enddate", "20200201000000Z", "-out", self.certificate(name)]
        )
    }

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CommandFailed(arguments: arguments, output: text) }
    }
}
