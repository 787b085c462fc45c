/// What is done to a message before it goes out.
enum MessageTreatment: Equatable {
    case whole
    case fragmented
    case damaged(MessageDamage)

    /// The fault that takes effect by it.
    var fault: FaultKind? {
        switch self {
        case .whole: nil
        case .fragmented: .fragmentation
        case .damaged(.invalidJSON): .invalidJSON
        case .damaged(.invalidUTF8): .invalidUTF8
        case .damaged(.oversized): .oversizedMessage
        }
    }
}
