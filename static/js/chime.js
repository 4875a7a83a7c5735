// Two short notes, made here. Browsers let no tab sound in which nobody has pressed anything yet.
const NOTES = [660, 880] // hertz
const LENGTH = 0.14 // seconds each
const LOUDNESS = 0.12

export function chime() {
  if (!navigator.userActivation.hasBeenActive) return
  const audio = new AudioContext()
  const volume = new GainNode(audio, { gain: LOUDNESS })
  volume.connect(audio.destination)
  const notes = NOTES.map((frequency) => new OscillatorNode(audio, { frequency }))
  notes.forEach((note, place) => {
    note.connect(volume)
    note.start(audio.currentTime + place * LENGTH)
    note.stop(audio.currentTime + (place + 1) * LENGTH)
  })
  notes.at(-1).addEventListener("ended", () => audio.close())
}
