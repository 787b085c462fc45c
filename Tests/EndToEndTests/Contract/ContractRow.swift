/// The rows of the README's table of what happens when something goes wrong, in its order.
enum ContractRow: CaseIterable {
    case tokenRunsOut, tokenRefused, connectionLost, crowd, tooMany, forbidden, sentAgain, piecemeal, listRefused
    case resourcesChange, apiFails, kafkaAway, producerFails, recordRefused, unreadable, strange, noResource,
        positionLost, torn
    case noCheckpoint, killed

    /// The row's first cell.
    var what: String {
        switch self {
        case .tokenRunsOut: "a token is about to expire"
        case .tokenRefused: "a token expires all the same (4001), or is refused (401)"
        case .connectionLost: "a connection is lost or silent, or the server goes away"
        case .crowd: "a load balancer restarts, or many sockets start at once"
        case .tooMany: #"the server says "too many""#
        case .forbidden: "403"
        case .sentAgain: "the server sends an event again"
        case .piecemeal: "messages come slowly or in fragments, or pings in a flood"
        case .listRefused: "the server refuses a list of subscriptions"
        case .resourcesChange: "a queue or user appears or is deleted"
        case .apiFails: "the platform API fails or does not answer"
        case .kafkaAway: "Kafka is away"
        case .producerFails: "the Kafka producer fails for good"
        case .recordRefused: "Kafka refuses a record"
        case .unreadable: "a message that cannot be read"
        case .strange: "an event without a name, or one that was not subscribed"
        case .noResource: "an event without a `resourceId`"
        case .positionLost: "the server no longer has the position"
        case .torn: "the checkpoint or plan file is torn or changed"
        case .noCheckpoint: "there is no checkpoint yet"
        case .killed: "the process is killed"
        }
    }

    /// The row's third cell: what its cases have to keep.
    var lost: Lost {
        switch self {
        case .tokenRunsOut, .tokenRefused, .connectionLost, .crowd, .tooMany, .forbidden, .sentAgain, .piecemeal,
            .apiFails, .kafkaAway, .producerFails, .noResource, .torn, .killed:
            .nothing
        case .recordRefused: .refusedInDeadLetters
        case .listRefused: .whatIsLeftOut
        case .resourcesChange: .lastOfDeleted
        case .unreadable: .messageInDeadLetters
        case .strange: .eventInDeadLetters
        case .positionLost: .unknown
        case .noCheckpoint: .whatCameBefore
        }
    }

    /// The row's fourth cell: what its cases have to keep.
    var repeated: Repeated {
        switch self {
        case .tokenRunsOut, .sentAgain: .eventsWithoutIdentifier
        case .producerFails, .recordRefused, .killed: .whatWasNotCommitted
        case .tokenRefused, .connectionLost, .crowd, .tooMany, .forbidden, .piecemeal, .listRefused, .resourcesChange,
            .apiFails, .kafkaAway, .unreadable, .strange, .noResource, .positionLost, .torn, .noCheckpoint:
            .nothing
        }
    }

    /// The row's last cell: what its cases take at most, the usual one first.
    var recovers: [Recovery] {
        switch self {
        case .tokenRunsOut, .piecemeal, .strange, .noResource: [.noPause]
        case .tokenRefused: [.newToken, .tokenTimeout]
        case .connectionLost: [.pause, .silence, .connectTimeout]
        case .crowd: [.pauses, .turn]
        case .tooMany: [.holdOff]
        case .forbidden: [.newToken, .refusal]
        case .sentAgain, .unreadable: [.pause]
        case .listRefused: [.pause, .bisection, .revalidation]
        case .resourcesChange: [.noPause, .synchronisation]
        case .apiFails: [.noPause, .preflight]
        case .kafkaAway: [.kafkaReturn, .stalled]
        case .producerFails: [.replacement]
        case .recordRefused: [.refusal]
        case .positionLost: [.twoPauses, .person]
        case .torn: [.person]
        case .noCheckpoint: [.noPause, .restart, .person]
        case .killed: [.restart]
        }
    }
}
