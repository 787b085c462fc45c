/// Why a file could not be read, in words that continue `the file …`.
struct FileProblem: Error, Hashable {
    var reason: String
}
