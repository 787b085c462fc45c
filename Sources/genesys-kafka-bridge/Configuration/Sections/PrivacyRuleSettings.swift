import BridgeCore
import GenesysCloud

/// `privacy.rules[]`.
enum PrivacyRuleSettings {
    private static let maximumPointers = 100
    private static let pointerRange = "a list of 1 to \(maximumPointers) JSON pointers; * is every element or member"

    static let family = BareSetting(
        required: "family",
        familySyntax,
        "whose events: an event's name, or a topic of channels without v2. and ids, such as users.presence; `*` at the end for all that begin so"
    )
    static let resourceID = Setting(
        "resourceId",
        .word(),
        default: ResourceIDPrivacy.keep,
        "hash: the ids of what the events are about, in keys, ce_subject, the event and gap records"
    )
    private static let dropKey = "drop"
    private static let hashKey = "hash"

    static let definitions: [SettingDefinition] = [
        family.definition,
        SettingDefinition(
            key: "drop",
            defaultText: "nothing",
            range: pointerRange,
            meaning: "what is taken out; of an array null takes the element's place"
        ),
        SettingDefinition(
            key: "hash",
            defaultText: "nothing",
            range: pointerRange,
            meaning: "what gives way to its HMAC-SHA-256 under hashKey, 32 hexadecimal digits"
        ),
        resourceID.definition,
    ]

    private static let familySyntax = ValueSyntax<FamilyPattern>(
        noun: "a family of events",
        range: "a name, or its beginning with * behind it",
        kinds: [.string]
    ) { text throws(ValueProblem) in
        guard text.utf8.count <= 200 else { throw ValueProblem(problem: "is longer than 200 bytes") }
        if text.contains("{") || text.contains("<") {
            throw ValueProblem(
                problem: "is a topic, and no family",
                remedy: "leave v2. and ids out: users.presence stands for v2.users.{id}.presence"
            )
        }
        guard let pattern = FamilyPattern(text) else {
            throw ValueProblem(problem: "is no family of events", remedy: "write a * at the end only, and no spaces")
        }
        return pattern
    } format: {
        $0.description
    }

    private static let pointerSyntax = ValueSyntax<JSONPointer>(
        noun: "a JSON pointer",
        range: "such as /eventBody/participants/*/name",
        kinds: [.string]
    ) { text throws(ValueProblem) in
        guard text.hasPrefix("/") else {
            throw ValueProblem(problem: "is no JSON pointer", remedy: "begin it with a slash: /eventBody/name")
        }
        let pointer = try RecordSyntax.pointer(text)
        guard pointer.steps[0].name != Array("*".utf8) else {
            throw ValueProblem(problem: "begins with *", remedy: "name the event's member, such as /eventBody/*")
        }
        guard pointer.steps.count == 1, let taken = Self.taken[pointer.description] else { return pointer }
        throw ValueProblem(problem: "leads to what the bridge itself needs", remedy: taken)
    } format: {
        $0.description
    }

    /// Members of an event on which its way rests.
    private static let taken = [
        "/resourceId": "say resourceId: hash", "/topicName": "say resourceId: hash",
        "/event": "it says the event's family: leave it", "/eventId": "by it a repeated event is known: leave it",
    ]

    /// The rule; nil where something is wrong with it, and then that is reported.
    static func decode(_ reader: MappingReader) -> RedactionRule? {
        let family = reader.value(Self.family)
        let drop = Self.pointers(Self.dropKey, reader)
        let hash = Self.pointers(Self.hashKey, reader)
        let resourceID = reader.value(Self.resourceID)
        guard let family, let drop, let hash else { return nil }
        if let twice = Self.repeated(drop + hash) {
            reader.report(
                reader.has(Self.hashKey) ? Self.hashKey : Self.dropKey,
                "\"\(twice)\" is given twice",
                "a value is dropped or hashed, once"
            )
            return nil
        }
        guard !drop.isEmpty || !hash.isEmpty || resourceID == .hash else {
            if !reader.context.hasIssue(at: reader.keyPath(Self.resourceID.key)) {
                reader.report(Self.family.key, "the rule hides nothing", "give drop, hash or resourceId: hash")
            }
            return nil
        }
        return RedactionRule(family: family, drop: drop, hash: hash, hashesResourceID: resourceID == .hash)
    }

    /// The list under `key`, empty where there is none; nil where something is wrong with it.
    private static func pointers(_ key: String, _ reader: MappingReader) -> [JSONPointer]? {
        guard reader.has(key) else { return [] }
        guard let nodes = reader.list(key) else { return nil }
        guard (1...Self.maximumPointers).contains(nodes.count) else {
            reader.report(
                key,
                nodes.isEmpty ? "is empty" : "has more than \(Self.maximumPointers) pointers",
                nodes.isEmpty ? "give a pointer, or leave it out" : "use * for every element or member"
            )
            return nil
        }
        let scalars = ScalarReader(context: reader.context)
        let pointers = nodes.compactMap { scalars.parse($0.node, keyPath: $0.path, Self.pointerSyntax) }
        return pointers.count == nodes.count ? pointers : nil
    }

    private static func repeated(_ pointers: [JSONPointer]) -> JSONPointer? {
        var seen: Set<[JSONPointer.Step]> = []
        return pointers.first { !seen.insert($0.steps).inserted }
    }
}
