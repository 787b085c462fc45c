/// The template of Kafka topic names: literal text and the placeholders `{tenant}` and `{family}`.
struct TopicTemplate: Hashable, Sendable, CustomStringConvertible {
    /// A part of the template.
    enum Part: Hashable, Sendable {
        case literal(String)
        case tenant
        case family
    }

    /// Kafka's limit on a topic's name.
    static let maximumNameBytes = 249

    let parts: [Part]

    /// The default.
    static let standard = TopicTemplate(parts: [.literal("genesys."), .tenant, .literal("."), .family])

    /// Where a tenant's dead letters go, whatever `records.topic` says.
    static let deadLetters = TopicTemplate(parts: [.literal("genesys."), .tenant, .literal(".dead-letters")])

    /// Where a tenant's gap records go, whatever `records.topic` says.
    static let gaps = TopicTemplate(parts: [.literal("genesys."), .tenant, .literal(".gaps")])

    private init(parts: [Part]) {
        self.parts = parts
    }

    /// Reads `text`.
    init(_ text: String) throws(ValueProblem) {
        var parts: [Part] = []
        var rest = text[...]
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            if brace > rest.startIndex { parts.append(.literal(String(rest[..<brace]))) }
            guard rest[brace] == "{", let end = rest[brace...].firstIndex(of: "}") else {
                throw ValueProblem(problem: "has a brace without its partner")
            }
            switch rest[rest.index(after: brace)..<end] {
            case "tenant": parts.append(.tenant)
            case "family": parts.append(.family)
            default: throw ValueProblem(problem: "has an unknown placeholder", remedy: "use {tenant} and {family}")
            }
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { parts.append(.literal(String(rest))) }
        for case .literal(let literal) in parts where !literal.utf8.allSatisfy(Self.isAllowed) {
            throw ValueProblem(
                problem: "has characters that a Kafka topic cannot have",
                remedy: "use a-z, A-Z, 0-9, `.`, `_` and `-`"
            )
        }
        self.parts = parts
    }

    /// The Kafka topic of `family` of `tenant`; characters that a topic cannot have become `-`.
    func kafkaTopic(tenant: String, family: String) -> String {
        Self.mapped(self.text(tenant: tenant, family: family))
    }

    /// The same, before characters are mapped.
    func text(tenant: String, family: String) -> String {
        self.parts.map { part in
            switch part {
            case .literal(let text): text
            case .tenant: tenant
            case .family: family
            }
        }.joined()
    }

    /// Names that Kafka cannot tell apart in its metrics, where `.` and `_` are the same, have the same form.
    static func collisionForm(_ kafkaTopic: String) -> String {
        String(kafkaTopic.map { $0 == "_" ? "." : $0 })
    }

    /// The template as written.
    var description: String {
        self.parts.map { part in
            switch part {
            case .literal(let text): text
            case .tenant: "{tenant}"
            case .family: "{family}"
            }
        }.joined()
    }

    private static func mapped(_ text: String) -> String {
        String(text.unicodeScalars.map { $0.isASCII && Self.isAllowed(UInt8($0.value)) ? Character($0) : "-" })
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
