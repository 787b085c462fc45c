/// What the body of an error says.
enum ServerMessage {
    /// Plain text above this many bytes is cut off.
    private static let plainByteLimit = 4096

    /// Genesys Cloud's `message` or what other servers call it, else plain text; nothing where it is a page for people.
    static func text(in body: [UInt8]) -> String {
        if let fields = JSONFields(body.span) {
            return ["message", "error_description", "reason", "error", "code"].lazy.compactMap(fields.text).first ?? ""
        }
        let text = String(decoding: body.prefix(Self.plainByteLimit), as: UTF8.self)
        return text.contains("<") ? "" : text
    }

    /// Whether `body` begins as a page for people does.
    static func isPage(_ body: [UInt8]) -> Bool {
        body.first { !" \t\r\n\u{FEFF}".utf8.contains($0) } == UInt8(ascii: "<")
    }
}
