import BridgeCore
import BridgeRuntime

/// Prints events where a spool would keep them. Dead letters and gaps are left to the log.
struct PrintingSink: ChannelSink {
    let printer: TailPrinter

    func keep(_ batches: [NotificationBatch]) async -> Bool {
        for batch in batches { self.printer.print(batch.events.map(\.value), of: batch.bytes) }
        return true
    }

    func covered(untilMilliseconds milliseconds: Int64) async {}
}
