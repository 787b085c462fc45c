import BridgeCore
import GenesysCloud

/// `privacy`, at the top, of a tenant, and as a file of its own for `tail`.
struct PrivacySettings: Sendable {
    static let key = "privacy"

    private static let maximumRules = 100
    private static let rulesKey = "rules"

    /// That at the top.
    static let top = PrivacySettings(
        hashKeyAbsence: "none",
        rulesText: "none",
        rulesMeaning: "what is hidden of events before the bridge keeps or passes them on",
        mayBeEmpty: false
    )
    /// A tenant's own.
    static let tenant = PrivacySettings(
        hashKeyAbsence: "as in privacy",
        rulesText: "as in privacy",
        rulesMeaning: "the tenant's rules in place of those at the top; [] for none",
        mayBeEmpty: true
    )

    /// Rules, and where they stand.
    struct Decoded {
        var configuration: PrivacyConfiguration
        /// The place of each rule, where they are not inherited.
        fileprivate var places: [(rule: RedactionRule, reader: MappingReader)] = []
    }

    let hashKey: BareSetting<Secret>
    private let rules: SettingDefinition
    private let mayBeEmpty: Bool

    private init(hashKeyAbsence: String, rulesText: String, rulesMeaning: String, mayBeEmpty: Bool) {
        self.hashKey = BareSetting(
            optional: "hashKey",
            Self.hashKeySyntax,
            absence: hashKeyAbsence,
            "key of all hashes; required where a rule hashes; better `${file:/run/secrets/…}` or `${env:…}` than written out"
        )
        self.rules = SettingDefinition(
            key: "rules",
            defaultText: rulesText,
            range: "a list of 1 to \(Self.maximumRules)",
            meaning: rulesMeaning,
            shape: .list(PrivacyRuleSettings.definitions)
        )
        self.mayBeEmpty = mayBeEmpty
    }

    var definitions: [SettingDefinition] { [self.hashKey.definition, self.rules] }

    private static let hashKeyMinimum = 16
    private static let hashKeySyntax: ValueSyntax<Secret> = {
        let secret = CredentialsSettings.secretSyntax(range: "16 bytes or more that nobody can guess")
        return ValueSyntax<Secret>(noun: secret.noun, range: secret.range, isSecret: true, kinds: secret.kinds) {
            text throws(ValueProblem) in
            guard text.utf8.count >= Self.hashKeyMinimum else {
                throw ValueProblem(problem: "is shorter than \(Self.hashKeyMinimum) bytes")
            }
            return try secret.parse(text)
        } format: {
            $0.description
        }
    }()

    /// What `reader` has, and `inherited` where it has nothing.
    func decode(_ reader: MappingReader, inherited: PrivacyConfiguration = PrivacyConfiguration()) -> Decoded {
        var decoded = Decoded(configuration: inherited)
        decoded.configuration.hashKey = reader.value(self.hashKey) ?? inherited.hashKey
        if let nodes = reader.list(Self.rulesKey) {
            decoded.places = self.rules(nodes, reader)
            decoded.configuration.rules = decoded.places.map(\.rule)
        }
        // What is inherited was complained of where it stands.
        let hashing = decoded.places.contains { !$0.rule.hash.isEmpty || $0.rule.hashesResourceID }
        if hashing, decoded.configuration.hashKey == nil, !reader.has(self.hashKey.key) {
            reader.reportMissing(self.hashKey.key, self.hashKey.syntax.remedy)
        }
        return decoded
    }

    private func rules(
        _ nodes: [(path: String, node: ConfigurationNode)],
        _ parent: MappingReader
    ) -> [(rule: RedactionRule, reader: MappingReader)] {
        guard self.mayBeEmpty || !nodes.isEmpty else {
            parent.report(Self.rulesKey, "is empty", "give a rule, or leave privacy out")
            return []
        }
        guard nodes.count <= Self.maximumRules else {
            parent.report(Self.rulesKey, "has more than \(Self.maximumRules) rules", "use fewer")
            return []
        }
        var lines: [FamilyPattern: Int] = [:]
        return nodes.compactMap { path, node in
            let reader = MappingReader(
                node,
                path: path,
                at: node.position,
                definitions: PrivacyRuleSettings.definitions,
                context: parent.context
            )
            guard let rule = PrivacyRuleSettings.decode(reader) else { return nil }
            if let line = lines[rule.family] {
                reader.report(
                    PrivacyRuleSettings.family.key,
                    "a second rule for \(rule.family) (first in line \(line))",
                    "put them together"
                )
                return nil
            }
            lines[rule.family] = node.position.line
            return (rule, reader)
        }
    }

    /// Reports rules that are for none of `families`: what is misspelt here would hide nothing, and nobody would see it.
    static func checkFamilies(_ decoded: Decoded, among families: Set<String>) {
        for (rule, reader) in decoded.places where !families.contains(where: { rule.family.matches($0) }) {
            let near = NearestName.find(rule.family.description, among: families.sorted())
            reader.report(
                PrivacyRuleSettings.family.key,
                "no subscription brings events of \(rule.family)",
                near.map { "did you mean \($0)?" }
                    ?? "there are \(families.sorted().prefix(10).joined(separator: ", "))"
            )
        }
    }
}
