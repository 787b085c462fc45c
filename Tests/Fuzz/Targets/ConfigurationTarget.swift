@testable import Configuration

/// Configuration files: any bytes come to a configuration or to errors that can be printed.
enum ConfigurationTarget {
    static func run(_ bytes: [UInt8]) {
        var loader = ConfigurationLoader()
        loader.sources = ConfigurationSources(environment: ["NAME": "value", "EMPTY": ""]) {
            path,
            limit throws(FileProblem) in
            Array("from \(path)\n".utf8.prefix(limit))
        }
        do {
            let loaded = try loader.decode(bytes, file: "bridge.yaml")
            precondition(!loaded.configuration.tenants.isEmpty, "a configuration without tenants")
        } catch {
            precondition(!error.issues.isEmpty, "refused without a reason")
            let isPlain = error.description.unicodeScalars.allSatisfy { $0 == "\n" || !ControlCharacters.isUnsafe($0) }
            precondition(isPlain, "an error holds control characters")
        }
    }
}
