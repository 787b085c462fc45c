/// What a row of the contract says comes to Kafka twice.
enum Repeated: Hashable {
    case nothing
    case eventsWithoutIdentifier
    case whatWasNotCommitted

    /// As the tables have it.
    var text: String {
        switch self {
        case .nothing: "nothing"
        case .eventsWithoutIdentifier: "events without an `eventId`"
        case .whatWasNotCommitted: "what was not committed"
        }
    }

    /// What `account` breaks of it; `window` events at most were received and not committed.
    func broken(by account: ContractAccount, window: Int) -> [String] {
        switch self {
        case .nothing:
            account.duplicated == 0 ? [] : ["\(account.duplicated) events are in Kafka twice"]
        case .eventsWithoutIdentifier:
            account.duplicatedWithIdentifier == 0
                ? [] : ["\(account.duplicatedWithIdentifier) events with an eventId are in Kafka twice"]
        case .whatWasNotCommitted:
            account.duplicated <= window
                ? [] : ["\(account.duplicated) events are in Kafka twice, \(window) were not committed at most"]
        }
    }
}
