/// Who owns a tenant: the value under `<tenant>/owner`. Written at the start, before anything is committed, and again when the owner
/// stops, so that a successor is seen at once and a release can be told from a death.
struct OwnerDocument: Codable, Hashable, Sendable {
    static let currentVersion = 1

    var version = OwnerDocument.currentVersion
    var instance: String
    var epoch: Int64
    var claimedAt: String
    var releasedAt: String?
}
