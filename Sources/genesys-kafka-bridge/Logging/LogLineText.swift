import BridgeCore
import Logging

/// A log line for people: `2026-11-24T03:28:52.007Z INFO bridge: message key=value`.
enum LogLineText {
    static func append(
        _ event: LogEvent,
        label: String,
        metadata: Logger.Metadata,
        at milliseconds: Int64,
        to line: inout [UInt8]
    ) {
        TimestampText.append(milliseconds: milliseconds, to: &line)
        line += " \(event.level.rawValue.uppercased()) ".utf8
        line += ControlCharacters.escape(label).utf8
        line += ": ".utf8
        line += ControlCharacters.escape(event.message.description).utf8
        if let error = event.error {
            line += " error=".utf8
            self.append("\(error)", to: &line)
        }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line += " \(ControlCharacters.escape(key))=".utf8
            self.append("\(value)", to: &line)
        }
    }

    /// A value, in quotes where it could be taken for more than one.
    private static func append(_ text: String, to line: inout [UInt8]) {
        let escaped = ControlCharacters.escape(text)
        guard escaped.isEmpty || escaped.utf8.contains(where: { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\"") })
        else {
            line += escaped.utf8
            return
        }
        line.append(UInt8(ascii: "\""))
        for byte in escaped.utf8 {
            if byte == UInt8(ascii: "\"") { line.append(UInt8(ascii: "\\")) }
            line.append(byte)
        }
        line.append(UInt8(ascii: "\""))
    }
}
