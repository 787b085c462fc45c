/// Status and headers of an HTTP/1 response.
struct UpgradeResponseHead: Equatable, Sendable {
    let minorVersion: Int
    let status: Int
    private(set) var headers: [WebSocketHeader] = []

    /// RFC 9112 section 4: `HTTP/1.1 101 Switching Protocols`.
    init?(statusLine: String) {
        let parts = statusLine.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0].utf8.count == 8, parts[0].hasPrefix("HTTP/1."),
            let minorVersion = parts[0].last?.wholeNumberValue,
            parts[1].utf8.count == 3, let status = Int(parts[1]), (100...999).contains(status)
        else { return nil }
        self.minorVersion = minorVersion
        self.status = status
    }

    /// RFC 9112 section 5: `name: value`. False when it is not that.
    mutating func append(headerLine line: String) -> Bool {
        guard let colon = line.firstIndex(of: ":") else { return false }
        let name = line[..<colon]
        guard !name.isEmpty, name.utf8.allSatisfy(HTTPGrammar.isTokenByte) else { return false }
        let value = HTTPGrammar.trimmed(line[line.index(after: colon)...])
        self.headers.append(WebSocketHeader(name: String(name), value: String(value)))
        return true
    }

    /// The values of all headers of that name, given in lower case.
    func values(of name: String) -> [String] {
        self.headers.filter { $0.name.lowercased() == name }.map(\.value)
    }
}
