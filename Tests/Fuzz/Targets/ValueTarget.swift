@testable import Configuration

/// Single values of a configuration file, which whole files reach too seldom.
enum ValueTarget {
    static func run(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        if let size = try? SizeText.parse(text) {
            precondition((try? SizeText.parse(SizeText.format(size))) == size, "a size is printed as another")
        }
        if let duration = try? DurationText.parse(text) {
            let again = try? DurationText.parse(DurationText.format(duration))

            precondition(again == duration, "a duration is printed as another")
        }
        if let address = try? ListenAddress(text) {
            precondition((try? ListenAddress(address.description)) == address, "an address is printed as another")
        }
        if let endpoint = try? Endpoint(text, schemes: Endpoint.Scheme.allCases) {
            let again = try? Endpoint(endpoint.description, schemes: Endpoint.Scheme.allCases)
            precondition(again == endpoint, "an endpoint is printed as another")
        }
        if let template = try? TopicTemplate(text) {
            let topic = template.kafkaTopic(tenant: text, family: "routing.queueEvents")
            precondition(topic.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") })
        }
        let sources = ConfigurationSources(environment: ["A": "b"]) { _, _ throws(FileProblem) in [0x63] }
        _ = try? References(sources: sources).replace(in: text)
        let shown = ScalarText(text: text, written: text, kind: .string, isReplaced: false).shown
        precondition(shown.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }, "not on one line")
    }
}
