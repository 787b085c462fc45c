import BridgeCore
import Foundation
import Logging
import Synchronization
import Testing

@testable import genesys_kafka_bridge

@Suite("Log lines")
struct LogTests {
    /// Collects lines.
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        func append(_ line: [UInt8]) {
            self.lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
        }

        var all: [String] { self.lines.withLock { $0 } }
    }

    private struct Failure: Error {}

    private func logger(_ format: LogFormat, level: Logger.Level = .info, _ lines: Lines) -> Logger {
        let configuration = LogConfiguration(level: level, format: format)
        return Logger(
            label: "bridge",
            factory: { label in
                BridgeLogHandler(
                    label: label,
                    configuration: configuration,
                    wallClock: { 1_795_490_932_007 },
                    write: { lines.append($0) }
                )
            }
        )
    }

    @Test("a JSON line is one object with everything in it")
    func json() throws {
        let lines = Lines()
        var logger = self.logger(.json, lines)
        logger[metadataKey: "tenant"] = "acme"
        logger[metadataKey: "overridden"] = "logger"
        logger.info(
            "connected \"now\"",
            metadata: ["overridden": "event", "list": ["a", ["k": "v"]], "number": .stringConvertible(7)]
        )
        #expect(
            lines.all == [
                #"{"time":"2026-11-24T03:28:52.007Z","level":"info","logger":"bridge","message":"connected \"now\"","#
                    + #""metadata":{"list":["a",{"k":"v"}],"number":"7","overridden":"event","tenant":"acme"}}"# + "\n"
            ]
        )
        logger.error("failed", error: Failure())
        #expect(lines.all[1].contains(#""level":"error""#) && lines.all[1].contains(#""error":"Failure()""#))
    }

    @Test("a text line quotes what could be taken for more than one value")
    func text() {
        let lines = Lines()
        self.logger(.text, lines).warning("slow", metadata: ["a": "x", "b": "x y", "c": "", "d": "say \"x\""])
        #expect(
            lines.all == [
                #"2026-11-24T03:28:52.007Z WARNING bridge: slow a=x b="x y" c="" d="say \"x\"""# + "\n"
            ]
        )
    }

    @Test("levels below the configured one are not written")
    func levels() {
        let lines = Lines()
        let logger = self.logger(.text, level: .notice, lines)
        logger.info("no")
        logger.notice("yes")
        #expect(lines.all.count == 1)
    }

    @Test("foreign text stays on its line and valid", arguments: [LogFormat.json, .text])
    func control(format: LogFormat) throws {
        let lines = Lines()
        let foreign = "a\nb\r\u{1b}[31m\u{0}\u{7f}\u{85}\u{2028}\u{202e}ü😀\\"
        self.logger(format, lines).info("\(foreign)", metadata: ["\(foreign)": "\(foreign)"])
        let line = try #require(lines.all.first)
        #expect(line.hasSuffix("\n"))
        #expect(!line.dropLast().unicodeScalars.contains(where: ControlCharacters.isUnsafe))
        #expect(line.contains("ü😀"))
        if format == .json {
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object["message"] as? String == foreign)
        }
    }

    @Test("what can steer a terminal or break a line is escaped, and nothing else")
    func escaping() {
        #expect(
            ControlCharacters.escape("a\t\u{7f}\u{9b}\u{2029}\u{2066}") == "a\\u{9}\\u{7f}\\u{9b}\\u{2029}\\u{2066}"
        )
        #expect(ControlCharacters.escape("ü 😀 ~\u{a0}") == "ü 😀 ~\u{a0}")
    }

    @Test("a secret in metadata or a message is a placeholder", arguments: [LogFormat.json, .text])
    func secrets(format: LogFormat) {
        let lines = Lines()
        let secret = Secret(Fixture.secret)
        let credentials = TenantCredentials(clientID: "id", clientSecret: secret)
        self.logger(format, lines).info(
            "with \(secret) and \(credentials)",
            metadata: ["secret": .stringConvertible(secret), "credentials": "\(credentials)", "list": ["\(secret)"]]
        )
        #expect(lines.all.count == 1)
        #expect(lines.all[0].contains("<redacted>") && !lines.all[0].contains("s3cr3t"))
    }
}
