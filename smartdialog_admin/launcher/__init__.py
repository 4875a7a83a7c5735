"""What bin/run starts: every process of the dashboard on one machine, in one terminal."""
