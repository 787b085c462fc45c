/// What is done to a message before it goes out.
enum MessageTreatment: Equatable {
    case whole
    case fragmented
    case notJSON
    case notUTF8
    /// Grown to at least so many bytes.
    case oversized(bytes: Int)

    /// The fault that takes effect by it.
    var fault: FaultKind? {
        switch self {
        case .whole: nil
        case .fragmented: .fragmentation
        case .notJSON: .invalidJSON
        case .notUTF8: .invalidUTF8
        case .oversized: .oversizedMessage
        }
    }
}
