/// Whether an upgrade succeeds.
enum UpgradeDecision {
    case accept(StreamGrant)
    case reject(HTTPReply)
}
