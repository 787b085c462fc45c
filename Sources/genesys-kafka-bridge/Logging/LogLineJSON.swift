import BridgeCore
import Logging

/// A log line as a JSON object: `time`, `level`, `logger`, `message`, `error` and `metadata`, in this order.
enum LogLineJSON {
    static func append(
        _ event: LogEvent,
        label: String,
        metadata: Logger.Metadata,
        at milliseconds: Int64,
        to line: inout [UInt8]
    ) {
        line += #"{"time":""#.utf8
        TimestampText.append(milliseconds: milliseconds, to: &line)
        line += #"","level":""#.utf8
        line += event.level.rawValue.utf8
        line += #"","logger":"#.utf8
        self.append(label, to: &line)
        line += #","message":"#.utf8
        self.append(event.message.description, to: &line)
        if let error = event.error {
            line += #","error":"#.utf8
            self.append("\(error)", to: &line)
        }
        if !metadata.isEmpty {
            line += #","metadata":"#.utf8
            self.append(metadata, to: &line)
        }
        line.append(UInt8(ascii: "}"))
    }

    private static func append(_ metadata: Logger.Metadata, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "{"))
        for (index, entry) in metadata.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            self.append(entry.key, to: &line)
            line.append(UInt8(ascii: ":"))
            self.append(entry.value, to: &line)
        }
        line.append(UInt8(ascii: "}"))
    }

    private static func append(_ value: Logger.MetadataValue, to line: inout [UInt8]) {
        switch value {
        case .string(let text):
            self.append(text, to: &line)
        case .stringConvertible(let value):
            self.append(value.description, to: &line)
        case .dictionary(let dictionary):
            self.append(dictionary, to: &line)
        case .array(let values):
            line.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { line.append(UInt8(ascii: ",")) }
                self.append(value, to: &line)
            }
            line.append(UInt8(ascii: "]"))
        }
    }

    /// A JSON string. What a terminal could take for a command is escaped, too, beyond what JSON asks for.
    private static func append(_ text: String, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": line += #"\""#.utf8
            case "\\": line += #"\\"#.utf8
            case "\n": line += #"\n"#.utf8
            case "\r": line += #"\r"#.utf8
            case "\t": line += #"\t"#.utf8
            case _ where ControlCharacters.isUnsafe(scalar):
                let digits = String(scalar.value, radix: 16)
                line += "\\u".utf8
                line += repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count)
                line += digits.utf8
            default: line += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            }
        }
        line.append(UInt8(ascii: "\""))
    }
}
