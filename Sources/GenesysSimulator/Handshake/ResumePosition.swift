/// A position as a client sends it back, under the name it came from (S2.2).
enum ResumePosition: Equatable {
    case lastEventId(String)
    case timestamp(String)
}
