import Glibc

/// A number for the calling thread.
func currentThreadID() -> UInt64 {
    UInt64(pthread_self())
}
