/// When a reply goes out.
enum ReplyDelay: Equatable {
    case none
    case milliseconds(Int)
    /// Never: the client gives up.
    case forever
}
