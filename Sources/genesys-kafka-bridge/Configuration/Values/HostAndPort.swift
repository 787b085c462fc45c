/// `host`, `host:port` or `[IPv6]:port`.
struct HostAndPort: Sendable {
    let host: String
    let port: Int?

    /// Reads `text`.
    init(_ text: Substring) throws(ValueProblem) {
        guard !text.contains("@") else {
            throw ValueProblem(problem: "holds a user name", remedy: "write the host and the port only")
        }
        let hostText: Substring
        var portText: Substring?
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else {
                throw ValueProblem(problem: "has a bracket without its partner")
            }
            hostText = text[text.index(after: text.startIndex)..<bracket]
            let rest = text[text.index(after: bracket)...]
            guard rest.isEmpty || rest.hasPrefix(":") else {
                throw ValueProblem(problem: "has something behind the host that is no port")
            }
            portText = rest.isEmpty ? nil : rest.dropFirst()
            guard hostText.contains(":"), hostText.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                throw ValueProblem(problem: "has brackets around something that is no IPv6 address")
            }
        } else {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2 else {
                throw ValueProblem(
                    problem: "has more than one colon",
                    remedy: "write an IPv6 address in brackets: [::1]:9600"
                )
            }
            hostText = parts[0]
            portText = parts.count == 2 ? parts[1] : nil
            guard Self.isName(hostText) else { throw ValueProblem(problem: "has no host name") }
        }
        if let portText {
            guard portText.utf8.count <= 5, portText.allSatisfy({ $0.isASCII && $0.isNumber }),
                let port = Int(portText),
                port <= 65_535
            else { throw ValueProblem(problem: "has a port that is not a number from 0 to 65535") }
            self.port = port
        } else {
            self.port = nil
        }
        self.host = hostText.lowercased()
    }

    /// Whether `text` can be a DNS name or an IPv4 address. An underscore is no host name's, but container networks have it.
    static func isName(_ text: Substring) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 253 else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && label.utf8.count <= 63 && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        }
    }
}
