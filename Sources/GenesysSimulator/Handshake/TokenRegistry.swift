import NIOCore

/// The access tokens that are known, and whose they are.
struct TokenRegistry {
    enum Standing: Equatable {
        /// Of the tenant with this index.
        case valid(tenant: Int, expires: NIODeadline)
        case expired
        case unknown
    }

    /// The oldest token is forgotten when there is one more.
    private static let tokenCountMax = 4_096

    private struct Entry {
        let tenant: Int
        var expires: NIODeadline
    }

    private let hash: SeededHash
    private var entries: [String: Entry] = [:]
    private var order: [String] = []
    private var issued = 0

    init(hash: SeededHash) {
        self.hash = hash
    }

    /// A new token. It holds every reserved character of RFC 3986, and a `%2B` that decoding twice would change.
    mutating func issue(tenant: Int, expires: NIODeadline) -> String {
        self.issued += 1
        let token = "a+b/c=d&e%2B:?#[]@!$'()*,;." + UniqueIdentifier(hash: self.hash, number: self.issued).text + "=="
        self.entries[token] = Entry(tenant: tenant, expires: expires)
        self.order.append(token)
        if self.order.count > Self.tokenCountMax { self.entries[self.order.removeFirst()] = nil }
        return token
    }

    func standing(of token: String, now: NIODeadline) -> Standing {
        guard let entry = self.entries[token] else { return .unknown }
        return now < entry.expires ? .valid(tenant: entry.tenant, expires: entry.expires) : .expired
    }

    /// Makes the token expired from `now` on.
    mutating func expire(_ token: String, now: NIODeadline) {
        guard let entry = self.entries[token], entry.expires > now else { return }
        self.entries[token]?.expires = now
    }
}
