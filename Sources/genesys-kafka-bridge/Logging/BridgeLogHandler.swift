import Foundation
import Logging

/// Writes each message as one line, as JSON for programs or as text for people.
///
/// Receives: log events. Hands to: a function that writes a whole line. Holds at most: the line being made.
struct BridgeLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let format: LogFormat
    /// Milliseconds since 1970-01-01T00:00:00Z.
    private let wallClock: @Sendable () -> Int64
    private let write: @Sendable ([UInt8]) -> Void

    init(
        label: String,
        configuration: LogConfiguration,
        wallClock: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) },
        write: @escaping @Sendable ([UInt8]) -> Void = { StandardStream.error.write($0) }
    ) {
        self.label = label
        self.logLevel = configuration.level
        self.format = configuration.format
        self.wallClock = wallClock
        self.write = write
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.metadata[key] }
        set { self.metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line: [UInt8] = []
        line.reserveCapacity(512)
        let metadata = self.merged(event)
        let now = self.wallClock()
        switch self.format {
        case .json: LogLineJSON.append(event, label: self.label, metadata: metadata, at: now, to: &line)
        case .text: LogLineText.append(event, label: self.label, metadata: metadata, at: now, to: &line)
        }
        line.append(UInt8(ascii: "\n"))
        self.write(line)
    }

    /// The event's own metadata wins over the provider's, and that over the logger's. Most loggers have one of them only.
    private func merged(_ event: LogEvent) -> Logger.Metadata {
        var merged = self.metadata
        if let provided = self.metadataProvider?.get(), !provided.isEmpty {
            merged.merge(provided) { _, new in new }
        }
        if let own = event.metadata, !own.isEmpty {
            merged.merge(own) { _, new in new }
        }
        return merged
    }
}

extension LogConfiguration {
    /// A logger that writes to standard error as configured.
    func makeLogger(label: String) -> Logger {
        Logger(label: label, factory: { BridgeLogHandler(label: $0, configuration: self) })
    }
}
