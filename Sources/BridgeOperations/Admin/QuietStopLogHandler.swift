import Logging

/// Passes on what the HTTP library logs from `warning` on, but nothing from a cancelled task: the library calls the
/// cancellation that stops it an error.
struct QuietStopLogHandler: LogHandler {
    private var handler: any LogHandler

    /// Passes on to the handler of `logger`.
    init(_ logger: Logger) {
        self.handler = logger.handler
        self.handler.logLevel = max(logger.logLevel, .warning)
    }

    var logLevel: Logger.Level {
        get { self.handler.logLevel }
        set { self.handler.logLevel = newValue }
    }

    var metadata: Logger.Metadata {
        get { self.handler.metadata }
        set { self.handler.metadata = newValue }
    }

    var metadataProvider: Logger.MetadataProvider? {
        get { self.handler.metadataProvider }
        set { self.handler.metadataProvider = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { self.handler[metadataKey: key] }
        set { self.handler[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) {
        guard !Task.isCancelled else { return }
        self.handler.log(event: event)
    }
}
