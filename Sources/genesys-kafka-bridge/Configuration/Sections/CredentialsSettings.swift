import BridgeCore

/// `tenants[].credentials`.
enum CredentialsSettings {
    static let clientID = BareSetting(
        required: "clientId",
        ValueSyntax.text("a string", range: "the OAuth client's id", limit: 256) { text in
            // RFC 7617: the user's name in HTTP Basic has no colon.
            text.utf8.contains(UInt8(ascii: ":")) ? ValueProblem(problem: "holds a colon") : nil
        },
        "id of the OAuth client (client credentials grant)"
    )
    static let clientSecret = BareSetting(
        required: "clientSecret",
        secretSyntax(range: "the OAuth client's secret"),
        "its secret; better `${file:/run/secrets/…}` or `${env:…}` than written out"
    )

    static let definitions = [clientID.definition, clientSecret.definition]

    /// How a secret is read, and never shown.
    static func secretSyntax(range: String) -> ValueSyntax<Secret> {
        ValueSyntax<Secret>(noun: "a string", range: range, isSecret: true, kinds: [.string]) {
            text throws(ValueProblem) in
            guard !text.isEmpty else { throw ValueProblem(problem: "is empty") }
            guard text.utf8.count <= 4096 else { throw ValueProblem(problem: "is longer than 4096 bytes") }
            guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
                throw ValueProblem(
                    problem: "holds a control character",
                    remedy: "is the file or variable the right one?"
                )
            }
            return Secret(text)
        } format: {
            $0.description
        }
    }

    static func decode(_ tenant: MappingReader) -> TenantCredentials? {
        guard tenant.has("credentials") else {
            tenant.reportMissing("credentials", "write clientId and clientSecret below it")
            return nil
        }
        let reader = tenant.section("credentials", Self.definitions)
        let clientID = reader.value(Self.clientID)
        let clientSecret = reader.value(Self.clientSecret)
        guard let clientID, let clientSecret else { return nil }
        return TenantCredentials(clientID: clientID, clientSecret: clientSecret)
    }
}
