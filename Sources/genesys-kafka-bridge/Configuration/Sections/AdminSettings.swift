/// `admin`.
enum AdminSettings {
    static let listen = Setting<ListenAddress?>(
        "listen",
        listenSyntax.orOff(),
        default: ListenAddress(host: "127.0.0.1", port: 9600),
        "address of the health endpoints"
    )

    static let definitions = [listen.definition]

    private static let listenSyntax = ValueSyntax<ListenAddress>(
        noun: "an address",
        range: "HOST:PORT",
        kinds: [.string]
    ) { text throws(ValueProblem) in
        try ListenAddress(text)
    } format: {
        $0.description
    }

    static func decode(_ reader: MappingReader) -> AdminConfiguration {
        AdminConfiguration(listen: reader.value(Self.listen))
    }
}
