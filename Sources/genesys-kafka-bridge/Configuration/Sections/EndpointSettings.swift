/// `tenants[].region` and `tenants[].endpoints`: one or the other.
enum EndpointSettings {
    static let region = BareSetting(
        optional: "region",
        regionSyntax,
        absence: "this or endpoints",
        "domain of the Genesys Cloud region"
    )
    static let login = BareSetting(
        required: "login",
        syntax([.https, .http]),
        "token service"
    )
    static let api = BareSetting(
        optional: "api",
        syntax([.https, .http]),
        absence: "the host of streaming",
        "platform API; required with protocol: channels"
    )
    static let streaming = BareSetting(
        required: "streaming",
        syntax([.wss, .ws]),
        "with protocol: stream: WebSocket server; of channels the platform API says it"
    )

    static let definitions = [login.definition, api.definition, streaming.definition]

    private static let regionSyntax = ValueSyntax.text(
        "a domain",
        range: "such as mypurecloud.com",
        limit: 200,
        check: Self.problem(ofRegion:)
    )

    /// What is wrong with a region's domain; nil: nothing.
    static func problem(ofRegion text: String) -> ValueProblem? {
        if let domain = GenesysRegions.domain(ofCloudRegion: text) {
            return ValueProblem(problem: "is not a domain", remedy: "this region's domain is \(domain)")
        }
        guard text.contains("."), HostAndPort.isName(text[...]) else { return ValueProblem(problem: "is not a domain") }
        if text.hasPrefix("api.") || text.hasPrefix("login.") || text.hasPrefix("apps.") {
            return ValueProblem(problem: "is a host of a region", remedy: "leave its first part out")
        }
        return nil
    }

    private static func syntax(_ schemes: [Endpoint.Scheme]) -> ValueSyntax<Endpoint> {
        let words = schemes.map { "\($0.rawValue)://HOST[:PORT]" }.joined(separator: ", ")
        return ValueSyntax<Endpoint>(noun: "an address", range: words, kinds: [.string]) { text throws(ValueProblem) in
            guard text.utf8.count <= 512 else { throw ValueProblem(problem: "is longer than 512 bytes") }
            let endpoint = try Endpoint(text, schemes: schemes)
            guard endpoint.port > 0 else {
                throw ValueProblem(problem: "has port 0", remedy: "write the server's port")
            }
            return endpoint
        } format: {
            $0.description
        }
    }

    /// Where a tenant's organization is; nil where something is missing or wrong, and then that is reported.
    static func decode(_ tenant: MappingReader, _ dialect: StreamProtocol?) -> TenantEndpoints? {
        switch (tenant.has("region"), tenant.has("endpoints")) {
        case (true, true):
            tenant.report("endpoints", "given beside region", "give one of them")
            return nil
        case (false, false):
            tenant.reportMissing("region", "write the region's domain, such as mypurecloud.com, or give endpoints")
            return nil
        case (true, false):
            guard let region = tenant.value(Self.region) else { return nil }
            if !GenesysRegions.domains.contains(region) {
                let near = NearestName.find(region, among: GenesysRegions.domains)
                tenant.warn("region", "not a region that is known here", near.map { "did you mean \($0)?" } ?? "")
            }
            return TenantEndpoints(region: region.lowercased())
        case (false, true):
            let reader = tenant.section("endpoints", Self.definitions)
            return dialect == .channels ? Self.decodeForChannels(reader) : Self.decodeForStream(reader)
        }
    }

    private static func decodeForStream(_ reader: MappingReader) -> TenantEndpoints? {
        let login = reader.value(Self.login)
        let api = reader.value(Self.api)
        let streaming = reader.value(Self.streaming)
        guard let login, let streaming else { return nil }
        Self.warn(reader, of: [(Self.login.key, login), (Self.streaming.key, streaming)])
        return TenantEndpoints(login: login, api: api, streaming: streaming)
    }

    /// Where a channel's socket is, the platform API says.
    private static func decodeForChannels(_ reader: MappingReader) -> TenantEndpoints? {
        StreamProtocol.channels.refuse([Self.streaming.key], of: reader)
        let login = reader.value(Self.login)
        let api = reader.value(Self.api)
        if !reader.has(Self.api.key) { reader.reportMissing(Self.api.key, Self.api.syntax.remedy) }
        guard let login, let api else { return nil }
        Self.warn(reader, of: [(Self.login.key, login), (Self.api.key, api)])
        let streaming = Endpoint(scheme: api.isSecure ? .wss : .ws, host: api.host, port: api.port)
        return TenantEndpoints(login: login, api: api, streaming: streaming)
    }

    private static func warn(_ reader: MappingReader, of endpoints: [(String, Endpoint)]) {
        for (key, endpoint) in endpoints where !endpoint.isSecure && !endpoint.isLoopback {
            reader.warn(key, "credentials cross the network without encryption", "use it for tests only")
        }
    }
}
