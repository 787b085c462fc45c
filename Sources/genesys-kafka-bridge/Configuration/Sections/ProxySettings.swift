import BridgeCore
import WebSocketClient

/// `connection.proxy`.
enum ProxySettings {
    static let address = BareSetting(
        required: "address",
        ValueSyntax<HostAndPort>(noun: "an address", range: "HOST:PORT", kinds: [.string]) {
            text throws(ValueProblem) in
            if text.contains("://") {
                throw ValueProblem(problem: "is a URL", remedy: "write the host and the port only")
            }
            let address = try HostAndPort(text[...])
            guard let port = address.port, port > 0 else {
                throw ValueProblem(problem: "has no port", remedy: "write HOST:PORT")
            }
            return address
        } format: {
            "\($0.host):\($0.port ?? 0)"
        },
        "HTTP proxy that tunnels (CONNECT) everything to Genesys Cloud: streams, tokens, REST"
    )
    static let username = BareSetting(
        optional: "username",
        ValueSyntax.text("a string", limit: 256) { text in
            text.utf8.contains(UInt8(ascii: ":")) ? ValueProblem(problem: "holds a colon") : nil
        },
        absence: "none",
        "user name for the proxy (HTTP Basic); needs password"
    )
    static let password = BareSetting(
        optional: "password",
        CredentialsSettings.secretSyntax(range: "the proxy's password"),
        absence: "none",
        "its password; better `${file:…}` or `${env:…}` than written out"
    )
    static let noProxy = BareSetting(
        optional: "noProxy",
        ValueSyntax.text("a list in one text", range: "names, .domains, addresses, networks, separated by commas"),
        absence: "none",
        "what is reached without the proxy, as in the variable NO_PROXY; `${env:NO_PROXY}` takes that over"
    )

    static let definitions = [address.definition, username.definition, password.definition, noProxy.definition]

    static func decode(_ reader: MappingReader) -> ProxyConfiguration? {
        let address = reader.value(Self.address)
        let username = reader.value(Self.username)
        let password = reader.value(Self.password)
        if reader.has(Self.username.key) != reader.has(Self.password.key) {
            let (given, missing) =
                reader.has(Self.username.key)
                ? (Self.username.key, Self.password.key) : (Self.password.key, Self.username.key)
            reader.report(given, "given without \(missing)", "give both or neither")
        }
        let entries = (reader.value(Self.noProxy) ?? "").split { $0 == "," || $0 == " " }.map(String.init)
        do {
            _ = try NoProxyList(entries)
        } catch {
            reader.report(
                Self.noProxy.key,
                "\(error)",
                "write names, .domains, addresses or networks such as 10.0.0.0/8"
            )
        }
        guard let address, let port = address.port else { return nil }
        return ProxyConfiguration(
            host: address.host,
            port: port,
            username: username,
            password: password,
            noProxy: entries
        )
    }
}
