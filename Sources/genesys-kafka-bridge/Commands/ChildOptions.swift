import ArgumentParser
import Foundation

/// For a process that another one of this program starts. It is in a process group of its own, so no terminal ends it together with its parent.
struct ChildOptions: ParsableArguments {
    @Flag(help: .hidden)
    var endsWithInput = false

    /// Ends this process when standard input ends, whose other side only the parent holds: so it outlives that one in no case.
    func endWithParent() {
        guard self.endsWithInput else { return }
        let thread = Thread {
            while readLine() != nil {}
            _exit(0)
        }
        thread.start()
    }
}
