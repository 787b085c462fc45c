import Foundation

/// A certificate for a simulator with TLS, and the authority that signed it, made by the `openssl` command line tool.
public struct GeneratedCertificate: Sendable, Equatable {
    /// PEM file of the authority that clients must trust.
    public let authorityPath: String
    /// What ``SimulatorConfiguration/tls`` takes.
    public let tls: TLSFiles

    /// Writes `ca.pem`, `server.pem` and `server.key` (and what openssl needs besides) into `directory`, which is made if it is
    /// missing. The certificate is for DNS names only: an IP address in it would match whatever name a client asks for.
    ///
    /// - Throws: ``SimulatorError/opensslMissing`` or ``SimulatorError/opensslFailed(status:message:)``; Foundation's errors
    ///   when the directory cannot be written.
    public static func generate(
        in directory: String,
        names: [String] = ["localhost"],
        validDays: Int = 30
    ) async throws -> GeneratedCertificate {
        try await Self.generate(
            in: directory,
            names: names,
            validDays: validDays,
            searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        )
    }

    static func generate(
        in directory: String,
        names: [String],
        validDays: Int,
        searchPath: String
    ) async throws -> GeneratedCertificate {
        let openssl = try Self.executable(in: searchPath)
        let root = URL(fileURLWithPath: directory, isDirectory: true)
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        func path(_ name: String) -> String { root.appendingPathComponent(name).path }
        try Data(Self.settings(names: names).utf8).write(to: root.appendingPathComponent("openssl.cnf"))
        let newKey = [
            "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-config", path("openssl.cnf"),
        ]
        let days = ["-days", String(validDays)]
        try await Self.run(
            openssl,
            ["req", "-new", "-x509", "-extensions", "authority", "-subj", "/CN=Genesys simulator authority"] + newKey
                + days + ["-keyout", path("ca.key"), "-out", path("ca.pem")]
        )
        try await Self.run(
            openssl,
            ["req", "-new", "-subj", "/CN=Genesys simulator"] + newKey
                + ["-keyout", path("server.key"), "-out", path("server.csr")]
        )
        try await Self.run(
            openssl,
            ["x509", "-req", "-in", path("server.csr"), "-CA", path("ca.pem"), "-CAkey", path("ca.key")]
                + ["-CAcreateserial", "-extfile", path("openssl.cnf"), "-extensions", "server"] + days
                + ["-out", path("server.pem")]
        )
        return GeneratedCertificate(
            authorityPath: path("ca.pem"),
            tls: TLSFiles(certificatePath: path("server.pem"), privateKeyPath: path("server.key"))
        )
    }

    private static func settings(names: [String]) -> String {
        """
        [req]
        distinguished_name = name
        prompt = no
        [name]
        [authority]
        basicConstraints = critical, CA:TRUE
        keyUsage = critical, keyCertSign, cRLSign
        subjectKeyIdentifier = hash
        [server]
        basicConstraints = critical, CA:FALSE
        keyUsage = critical, digitalSignature
        extendedKeyUsage = serverAuth
        subjectAltName = \(names.map { "DNS:\($0)" }.joined(separator: ", "))

        """
    }

    private static func executable(in searchPath: String) throws -> URL {
        for directory in searchPath.split(separator: ":") {
            let candidate = URL(fileURLWithPath: String(directory)).appendingPathComponent("openssl")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate }
        }
        throw SimulatorError.opensslMissing
    }

    private static func run(_ executable: URL, _ arguments: [String]) async throws {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        // openssl says far less than a pipe holds: it never waits for its reader.
        let status = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Int, any Error>) in
            process.terminationHandler = { continuation.resume(returning: Int($0.terminationStatus)) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        guard status == 0 else {
            let output = try errors.fileHandleForReading.readToEnd() ?? Data()
            let message = String(decoding: output.suffix(1_000), as: UTF8.self)
            throw SimulatorError.opensslFailed(status: status, message: message)
        }
    }
}
