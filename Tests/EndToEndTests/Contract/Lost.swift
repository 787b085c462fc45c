/// What a row of the contract says is lost: the README's words, and what has to be true of an account.
enum Lost: Hashable {
    case nothing
    case lastOfDeleted
    case eventInDeadLetters
    case refusedInDeadLetters
    case messageInDeadLetters
    case whatIsLeftOut
    case unknown
    case whatCameBefore

    /// As the tables have it.
    var text: String {
        switch self {
        case .nothing: "nothing"
        case .lastOfDeleted: "what a deleted one had not brought yet: a gap record"
        case .eventInDeadLetters: "nothing: the event is in the dead letters"
        case .refusedInDeadLetters: "nothing: the record is in the dead letters"
        case .messageInDeadLetters: "the message: dead letter and gap record"
        case .whatIsLeftOut: "what the left-out ones would have brought: a gap record"
        case .unknown: "unknown: a gap record"
        case .whatCameBefore: "what came before: a gap record"
        }
    }

    /// Gap records that must be there beside the one for the start without a checkpoint, by cause.
    private var gaps: Set<String> {
        switch self {
        case .nothing, .eventInDeadLetters, .refusedInDeadLetters, .whatCameBefore: []
        case .messageInDeadLetters: ["poison"]
        case .whatIsLeftOut, .lastOfDeleted: ["unsubscribed"]
        case .unknown: ["position-lost"]
        }
    }

    /// What `account` breaks of it.
    func broken(by account: ContractAccount) -> [String] {
        var result: [String] = []
        func demand(_ condition: Bool, _ complaint: @autoclosure () -> String) {
            if !condition { result.append(complaint()) }
        }
        demand(
            account.missing.isEmpty,
            "\(account.missing.count) events are nowhere, such as \(account.missing.prefix(3))"
        )
        let starts = account.gaps["missing-checkpoint", default: 0]
        demand(self == .whatCameBefore ? starts > 0 : starts == 1, "the start has a gap record, not \(account.gaps)")
        let others = Set(account.gaps.keys).subtracting(["missing-checkpoint"])
        demand(others == self.gaps, "gap records of \(others.sorted()), where \(self.gaps.sorted()) are promised")
        switch self {
        case .nothing, .lastOfDeleted, .whatIsLeftOut, .unknown, .whatCameBefore:
            demand(account.deadLettered == 0, "\(account.deadLettered) events are dead letters")
        case .eventInDeadLetters:
            demand(
                account.deadLettered == account.altered,
                "\(account.deadLettered) of \(account.altered) are dead letters"
            )
            demand(account.deadLettered > 0, "there is no dead letter")
        case .messageInDeadLetters, .refusedInDeadLetters:
            demand(account.deadLettered > 0, "there is no dead letter")
        }
        switch self {
        case .nothing, .eventInDeadLetters, .refusedInDeadLetters, .messageInDeadLetters:
            demand(account.skipped == 0, "the server passed over \(account.skipped) events")
        case .whatIsLeftOut, .lastOfDeleted, .unknown, .whatCameBefore: break
        }
        return result
    }
}
