import BridgeCore

/// Text that a server sent, made safe to show: on one line, bounded, without control characters, and without the
/// secrets that the server was sent and may have sent back.
enum PeerText {
    /// What is above this many characters is cut off.
    static let characterLimit = 200

    /// `text` for a log line or a status page. `secrets` are hidden as they are and percent-encoded; so is whatever an
    /// `access_token=` has behind it, for a server may cut a URL short in the middle of the token.
    static func shown(_ text: String, hiding secrets: [Secret] = []) -> String {
        var bytes = Self.hidingAccessTokens(Array(text.utf8))
        for secret in secrets where !secret.revealed.isEmpty {
            for form in [secret.revealed, PercentEncoding.encode(secret.revealed)] {
                bytes.replace(Array(form.utf8), with: Array("\(secret)".utf8))
            }
        }
        var shown = ""
        var count = 0
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            guard count < Self.characterLimit else { return shown + "…" }
            shown.unicodeScalars.append(Self.isPrintable(scalar) ? scalar : "\u{FFFD}")
            count += 1
        }
        return shown
    }

    private static func hidingAccessTokens(_ bytes: [UInt8]) -> [UInt8] {
        let name = Array("access_token=".utf8)
        let ends = Array("& \"'<>\\\r\n\t".utf8)
        var result: [UInt8] = []
        var rest = bytes[...]
        while let found = rest.firstRange(of: name) {
            result += rest[..<found.upperBound] + Array("<redacted>".utf8)
            rest = rest[found.upperBound...].drop { !ends.contains($0) }
        }
        return result + rest
    }

    /// Line breaks, escape sequences and what turns the direction of text have no place in a log line.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
