import BridgeCore
import Foundation
import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

/// Tokens, client secrets and proxy passwords appear in nothing that any command prints or answers (S1.6).
@Suite("Secrets", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct SecretsTests {
    private static let proxyPassword = "pr0xy-p4ss/+="
    private static let kafkaPassword = "k4fk4/p4ss+w0rd="
    private static let proxyCredentials = Data("someone:\(proxyPassword)".utf8).base64EncodedString()

    /// What must never be seen: client secrets, tokens and proxy passwords in every form, URLs that hold a token, and half of any.
    private static let secrets =
        [
            "s3cr3t", "wr0ng", "k4fk4", Data("\0k4fk4-us3r\0\(kafkaPassword)".utf8).base64EncodedString(), "a+b/c=d",
            "a%2Bb%2Fc%3Dd", "pr0xy", "p4ss", proxyCredentials, "ech0", "t0ken",
            EchoingServer.token, Data(EchoingServer.token.utf8).base64EncodedString(),
        ]
        + ["acme", "globex"].flatMap { tenant in
            [Scene.secret(of: tenant), "wr0ng/s3cr3t"].map { Data("\(tenant)-client:\($0)".utf8).base64EncodedString() }
        }

    private static func check(_ text: String, _ what: String) {
        for secret in Self.secrets { #expect(!text.contains(secret), "\(what) shows \(secret)") }
        for part in text.components(separatedBy: "access_token=").dropFirst() {
            #expect(part.hasPrefix("<redacted>"), "\(what) shows what stands behind access_token=")
        }
    }

    private static func check(_ process: RunningProcess, _ what: String) {
        Self.check(process.output, "\(what) on its output")
        Self.check(process.errors, "\(what) on its errors")
    }

    /// Everything that the admin server answers.
    private static func checkAnswers(of bridge: RunningProcess, in scene: Scene) async throws {
        for path in ["/status", "/health/ready", "/health/live", "/metrics", "/?access_token=t0ken"] {
            let answer = try await scene.ask(bridge, path)
            Self.check(answer.body, "GET \(path)")
        }
    }

    @Test("are in no output of any command, at the finest log level, whatever goes wrong (S1.6)")
    func nowhere() async throws {
        let settings = Scene.Settings(
            rate: 500,
            tenants: ["acme", "globex"],
            logLevel: "trace",
            connection: "  healthyAfter: 1s\n  heartbeatGrace: 1s",
            wrongSecretOf: "globex"
        )
        try await Scene.with(settings) { scene in
            let bridge = try scene.bridge()
            try await eventually("500 events in Kafka") { await scene.delivered() >= 500 }
            for fault in [
                #"{"fault":"tokenExpired"}"#, #"{"fault":"reset"}"#, #"{"fault":"invalidJSON"}"#,
                #"{"fault":"rejectUpgrade","status":401}"#, #"{"fault":"rejectUpgrade","status":400}"#,
                #"{"fault":"rejectUpgrade","status":403}"#, #"{"fault":"goingAway"}"#,
            ] {
                let delivered = await scene.delivered()
                try await scene.inject(fault)
                // A rejection lies in wait for the next attempt.
                if fault.contains("rejectUpgrade") { try await scene.inject(#"{"fault":"reset"}"#) }
                try await eventually("progress") { await scene.delivered() > delivered + 50 }
            }
            let fired = try await scene.snapshot().faultsFired
            #expect(fired["rejectUpgrade"] == 3, "\(fired)")
            try await Self.checkAnswers(of: bridge, in: scene)
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0)
            #expect(bridge.errors.contains(" DEBUG "), "the finest level is really on")
            Self.check(bridge, "run")
            Self.check(scene.simulator, "simulate")
        }
    }

    @Test("are in nothing that validate says, of a good file and of a bad one, as text and as JSON (S1.6)")
    func validate() async throws {
        let proxy = "  proxy: { address: \"127.0.0.1:1\", username: someone, password: \"\(Self.proxyPassword)\" }"
        try await Scene.with(.init(rate: 10, connection: proxy)) { scene in
            for arguments in [[], ["--json"]] {
                let good = try RunningProcess(["validate", "--config", scene.configurationPath] + arguments)
                #expect(try await good.ended() == 0, "\(good.errors)")
                Self.check(good, "validate")
                for (key, wrong) in [
                    ("clientSecret:", "clientSecrte:"), ("password:", "passwort:"), ("username: someone, ", ""),
                    ("\"127.0.0.1:1\"", "\"someone:\(Self.proxyPassword)@127.0.0.1:1\""),
                    ("protocol: stream", "protocol: s3cr3t@t0ken"), ("credentials: {", "credentials: [{"),
                ] {
                    let path = scene.folder.appendingPathComponent("broken.yaml").path
                    let text = try String(contentsOfFile: scene.configurationPath, encoding: .utf8)
                    try #require(text.contains(key))
                    try text.replacingOccurrences(of: key, with: wrong)
                        .write(toFile: path, atomically: true, encoding: .utf8)
                    let bad = try RunningProcess(["validate", "--config", path] + arguments)
                    #expect(try await bad.ended() == 78, "\(wrong)")
                    Self.check(bad, "validate of \(wrong)")
                    let run = try RunningProcess(["run", "--config", path])
                    #expect(try await run.ended() == 78, "\(wrong)")
                    Self.check(run, "run of \(wrong)")
                }
            }
        }
    }

    @Test(
        "are in nothing where Kafka wants a password and does not let the bridge in, which readiness says (S1.6)",
        arguments: ["PLAIN", "SCRAM-SHA-512"]
    )
    func kafka(mechanism: String) async throws {
        try await Scene.with(.init(rate: 500, drainTimeout: "1s", logLevel: "trace")) { scene in
            func edit(_ text: String, _ more: String) -> String {
                text.replacingOccurrences(
                    of: "reconnect.backoff.max.ms",
                    with: """
                        security.protocol: sasl_plaintext
                            sasl.mechanisms: \(mechanism)
                            sasl.username: k4fk4-us3r
                            sasl.password: "\(Self.kafkaPassword)"
                            debug: "conf,security,broker,protocol"
                            ssl.key.password: "\(Self.kafkaPassword)"
                            \(more)reconnect.backoff.max.ms
                        """
                )
            }
            let bridge = try scene.bridge("sasl") { edit($0, "") }
            try await eventually("a reason in the readiness") {
                let answer = try await scene.ask(bridge, "/health/ready")
                return answer.status == 503 && answer.body.contains("acme is open (Kafka takes nothing")
                    && answer.body.contains("SASL")
            }
            try await Self.checkAnswers(of: bridge, in: scene)
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0)
            #expect(bridge.errors.contains("facility=CONF"), "librdkafka really shows its configuration")
            Self.check(bridge, "run with a password for Kafka")
            let path = scene.folder.appendingPathComponent("sasl.yaml").path
            for command in ["topics", "verify"] {
                let process = try RunningProcess([command, "--config", path, "--timeout", "1"])
                #expect(try await process.ended() == 69)
                #expect(process.errors.contains("_AUTHENTICATION"), "\(command) says why: \(process.errors)")
                Self.check(process, command)
            }
            let refused = try scene.bridge("refused") { edit($0, "sasl.passwort: \(Self.kafkaPassword)\n    ") }
            #expect(try await refused.ended() == 78)
            #expect(refused.errors.contains("kafka.properties.sasl.passwort: refused by librdkafka"))
            Self.check(refused, "a property that librdkafka does not know")
            let misspelt = scene.folder.appendingPathComponent("refused.yaml").path
            let topics = try RunningProcess(["topics", "--config", misspelt])
            #expect(try await topics.ended() == 78)
            Self.check(topics, "topics with a property that librdkafka does not know")
        }
    }

    @Test("are in nothing where a proxy wants a password, and where it refuses one and repeats it (S1.1, S1.6)")
    func proxy() async throws {
        try await TunnelProxy.with(authorization: "Basic \(Self.proxyCredentials)") { proxy in
            func line(_ password: String) -> String {
                "  connectTimeout: 1s\n"
                    + "  proxy: { address: \"127.0.0.1:\(proxy.port)\", username: someone, password: \"\(password)\" }"
            }
            let settings = Scene.Settings(rate: 500, logLevel: "trace", connection: line(Self.proxyPassword))
            try await Scene.with(settings) { scene in
                let bridge = try scene.bridge()
                try await eventually("500 events in Kafka") { await scene.delivered() >= 500 }
                #expect(proxy.tunnelCount >= 2, "tokens and streams go through it")
                #expect(proxy.refusalCount == 0)
                try await Self.checkAnswers(of: bridge, in: scene)
                bridge.signal(SIGTERM)
                #expect(try await bridge.ended() == 0)
                Self.check(bridge, "run through a proxy")
                let refused = try scene.bridge("refused") { text in
                    text.replacingOccurrences(of: Self.proxyPassword, with: "wr0ng-\(Self.proxyPassword)")
                        .replacingOccurrences(
                            of: "login: \"\(scene.simulatorURL)\"",
                            with: "login: \"\(scene.simulatorURL)\""
                        )
                }
                try await eventually("refusals, and that they are said") {
                    proxy.refusalCount >= 2 && refused.errors.contains("no token from")
                }
                try await Self.checkAnswers(of: refused, in: scene)
                refused.signal(SIGTERM)
                #expect(try await refused.ended() == 0)
                Self.check(refused, "run through a proxy that refuses")
            }
        }
    }

    @Test("are in nothing where a server repeats them in every refusal, and where TLS fails (S1.6)")
    func echo() async throws {
        try await EchoingServer.with { server in
            let connection = "  connectTimeout: 1s\n  attemptsPerSecond: 100"
            try await Scene.with(.init(rate: 10, logLevel: "trace", connection: connection)) { scene in
                func bridge(_ name: String, _ scheme: String) throws -> RunningProcess {
                    try scene.bridge(name) { text in
                        text.replacingOccurrences(
                            of: scene.simulatorURL,
                            with: "http\(scheme)://127.0.0.1:\(server.port)"
                        )
                        .replacingOccurrences(
                            of: scene.simulatorURL.replacingOccurrences(of: "http", with: "ws"),
                            with: "ws\(scheme)://127.0.0.1:\(server.port)"
                        )
                        .replacingOccurrences(of: scene.checkpointDirectory, with: scene.checkpointDirectory + name)
                        .replacingOccurrences(
                            of: "delivery:\n",
                            with: "delivery:\n  refusedBackoff: { base: 1s, cap: 1s, jitter: full }\n"
                        )
                    }
                }
                let plain = try bridge("plain", "")
                try await eventually("every refusal") {
                    server.upgradeCount > EchoingServer.statuses.count && server.otherCount > 0
                }
                try await Self.checkAnswers(of: plain, in: scene)
                plain.signal(SIGTERM)
                #expect(try await plain.ended() == 0)
                #expect(plain.errors.contains("no token from") && plain.errors.contains("HTTP 500"))
                Self.check(plain, "run with a server that repeats everything")
                let secure = try bridge("secure", "s")
                try await eventually("a handshake that fails") { secure.errors.contains("does not speak TLS") }
                try await Self.checkAnswers(of: secure, in: scene)
                secure.signal(SIGTERM)
                #expect(try await secure.ended() == 0)
                Self.check(secure, "run with a server without TLS")
            }
        }
    }

    @Test("are in nothing that a process prints when it dies (S1.6)", arguments: [SIGSEGV, SIGABRT, SIGILL])
    func crash(signal: Int32) async throws {
        try await Scene.with(.init(rate: 500)) { scene in
            let environment = ["SWIFT_BACKTRACE": "enable=tty"]  // What it is where nobody sets it.
            let bridge = try RunningProcess(["run", "--config", scene.configurationPath], environment: environment)
            try await eventually("500 events in Kafka") { await scene.delivered() >= 500 }
            bridge.signal(signal)
            #expect(try await bridge.ended() == signal)
            Self.check(bridge, "a crash")
        }
    }
}
