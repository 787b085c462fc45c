import AsyncHTTPClient
import BridgeCore
import GenesysCloud
import NIOCore
import NIOSSL
import WebSocketClient

/// From the configuration to the settings of everything that talks to Genesys Cloud.
enum SourceSettings {
    static func webSocket(_ connection: ConnectionConfiguration, deadLetterBytesMax: Int) -> WebSocketConfiguration {
        var result = WebSocketConfiguration()
        result.unreadablePrefixBytes = deadLetterBytesMax
        result.connectTimeout = connection.connectTimeout
        result.closeTimeout = connection.closeTimeout
        result.maxFrameBytes = connection.maxFrameBytes
        result.maxMessageBytes = connection.maxMessageBytes
        result.readAheadBytes = connection.readAheadBytes
        result.compression = connection.compression == .off ? .off : .permessageDeflate()
        result.tls = WebSocketTLS(
            additionalCAFile: connection.tls.extraCertificateAuthorities,
            clientCertificateFile: connection.tls.clientCertificate,
            clientKeyFile: connection.tls.clientKey
        )
        var keepAlive = WebSocketConfiguration.KeepAlive()
        keepAlive.idle = connection.tcp.keepAliveIdle
        keepAlive.interval = connection.tcp.keepAliveInterval
        keepAlive.count = connection.tcp.keepAliveCount
        result.keepAlive = keepAlive
        result.tcpUserTimeout = connection.tcp.userTimeout
        result.proxy = connection.proxy.map(Self.proxy)
        return result
    }

    static func tokens(_ tenant: TenantConfiguration, connection: ConnectionConfiguration) -> TokenServiceSettings {
        return TokenServiceSettings(
            login: Self.endpoint(tenant.endpoints.login),
            clientID: tenant.credentials.clientID,
            clientSecret: tenant.credentials.clientSecret,
            requestTimeout: connection.connectTimeout,
            settledAge: connection.healthyAfter,
            http: Self.http(connection, to: tenant.endpoints.login)
        )
    }

    static func streamSettings(
        _ tenant: TenantConfiguration,
        _ connection: ConnectionConfiguration,
        deadLetterBytesMax: Int
    ) -> StreamSettings {
        StreamSettings(
            maxBatchSize: tenant.maxBatchSize,
            maxLatencyMilliseconds: Int(tenant.maxLatency.wholeNanoseconds / 1_000_000),
            maxEventsPerBatch: connection.maxEventsPerBatch,
            maxBatchBytes: connection.maxMessageBytes,
            deadLetterBytesMax: deadLetterBytesMax,
            maxURLBytes: connection.maxURLBytes
        )
    }

    static func rest(_ tenant: TenantConfiguration, connection: ConnectionConfiguration) -> RESTSettings {
        RESTSettings(
            api: Self.endpoint(tenant.endpoints.api),
            requestsPerMinute: connection.restRequestsPerMinute,
            requestTimeout: connection.connectTimeout,
            http: Self.http(connection, to: tenant.endpoints.api)
        )
    }

    static func proxy(_ proxy: ProxyConfiguration) -> HTTPProxy {
        HTTPProxy(
            host: proxy.host,
            port: proxy.port,
            credentials: proxy.username.map { .init(username: $0, password: proxy.password?.revealed ?? "") },
            // Read without a problem by the configuration already.
            noProxy: (try? NoProxyList(proxy.noProxy)) ?? NoProxyList()
        )
    }

    private static func http(_ connection: ConnectionConfiguration, to endpoint: Endpoint) -> HTTPClient.Configuration {
        var http = HTTPClient.Configuration()
        http.timeout.connect = .nanoseconds(connection.connectTimeout.wholeNanoseconds)
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        if let path = connection.tls.extraCertificateAuthorities { tls.additionalTrustRoots = [.file(path)] }
        if let certificate = connection.tls.clientCertificate, let key = connection.tls.clientKey {
            tls.certificateChain = (try? NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) }) ?? []
            tls.privateKey = (try? NIOSSLPrivateKey(file: key, format: .pem)).map { .privateKey($0) }
        }
        http.tlsConfiguration = tls
        if let proxy = connection.proxy,
            Self.proxy(proxy).isUsed(forHost: endpoint.host, port: endpoint.port)
        {
            if let username = proxy.username {
                http.proxy = .server(
                    host: proxy.host,
                    port: proxy.port,
                    authorization: .basic(username: username, password: proxy.password?.revealed ?? "")
                )
            } else {
                http.proxy = .server(host: proxy.host, port: proxy.port)
            }
        }
        return http
    }

    static func endpoint(_ endpoint: Endpoint) -> GenesysCloud.Endpoint {
        GenesysCloud.Endpoint(isSecure: endpoint.isSecure, host: endpoint.host, port: endpoint.port)
    }
}
