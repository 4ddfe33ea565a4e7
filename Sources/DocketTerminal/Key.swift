/// A key that a person pressed, or what a paste or several keys together mean.
public enum Key: Hashable, Sendable {
    /// A character that prints; what takes several scalars arrives as several keys.
    case scalar(Unicode.Scalar)
    /// A letter or sign with Control held, as the lower-case letter.
    case control(Character)
    /// A character with Alt held, or after Escape; carriage return for Alt and Enter.
    case meta(Character)
    /// A bracketed paste, as one piece.
    case paste(String)
    case enter
    case tab
    case backTab
    case backspace
    case delete
    case escape
    case up
    case down
    case left
    case right
    case wordLeft
    case wordRight
    case home
    case end
    case pageUp
    case pageDown
}
