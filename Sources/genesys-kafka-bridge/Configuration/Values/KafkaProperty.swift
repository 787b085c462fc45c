import BridgeCore

/// A librdkafka property.
struct KafkaProperty: Hashable, Sendable, CustomStringConvertible {
    var name: String
    /// Kept as a secret whatever the property: `shown` decides what people see.
    var value: Secret
    /// Where its name stands in the file.
    var position = SourcePosition.start

    /// The same wherever it stands.
    static func == (lhs: Self, rhs: Self) -> Bool { lhs.name == rhs.name && lhs.value == rhs.value }

    func hash(into hasher: inout Hasher) {
        hasher.combine(self.name)
        hasher.combine(self.value)
    }

    /// `name=value`, with the value of a secret left out.
    var description: String { "\(self.name)=\(self.shown)" }

    /// The value, or a placeholder where the property's name says that it holds a secret.
    var shown: String {
        let name = self.name.lowercased()
        let isSecret = Self.secretWords.contains { name.contains($0) }
        return isSecret ? self.value.description : ControlCharacters.escape(self.value.revealed)
    }

    /// Rather too many than too few: a path to a key file is hidden, too.
    private static let secretWords = [
        "password", "secret", "key", "jaas", "token", "credential", "username", "oauthbearer", "sasl.kerberos", "pem",
    ]
}
