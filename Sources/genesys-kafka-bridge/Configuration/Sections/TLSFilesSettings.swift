/// `connection.tls`.
enum TLSFilesSettings {
    private static let path = ValueSyntax.text("a path", range: "a PEM file")

    static let extraCertificateAuthorities = BareSetting(
        optional: "extraCertificateAuthorities",
        path,
        absence: "none",
        "certificate authorities to trust beside the system's"
    )
    static let clientCertificate = BareSetting(
        optional: "clientCertificate",
        path,
        absence: "none",
        "client certificate with its chain; needs clientKey"
    )
    static let clientKey = BareSetting(
        optional: "clientKey",
        path,
        absence: "none",
        "private key of clientCertificate"
    )

    static let definitions = [
        extraCertificateAuthorities.definition, clientCertificate.definition, clientKey.definition,
    ]

    static func decode(_ reader: MappingReader) -> TLSFilesConfiguration {
        let files = TLSFilesConfiguration(
            extraCertificateAuthorities: Self.readable(Self.extraCertificateAuthorities, reader),
            clientCertificate: Self.readable(Self.clientCertificate, reader),
            clientKey: Self.readable(Self.clientKey, reader)
        )
        if reader.has(Self.clientCertificate.key) != reader.has(Self.clientKey.key) {
            let (given, missing) =
                reader.has(Self.clientKey.key)
                ? (Self.clientKey.key, Self.clientCertificate.key) : (Self.clientCertificate.key, Self.clientKey.key)
            reader.report(given, "given without \(missing)", "give both or neither")
        }
        return files
    }

    private static func readable(_ setting: BareSetting<String>, _ reader: MappingReader) -> String? {
        guard let path = reader.value(setting) else { return nil }
        do {
            _ = try reader.context.sources.readFile(path, ConfigurationDocument.maximumBytes)
            return path
        } catch {
            reader.report(setting.key, "the file \(error.reason)", "write the path of a PEM file")
            return nil
        }
    }
}
