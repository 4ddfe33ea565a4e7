// The programs that people run, as one target: `swift build --target Programs` compiles what they
// share once, keeps all processors busy, and links the three of them. It holds no code of its own.
