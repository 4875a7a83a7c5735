"""Uploaded files, kept in the database so that every process on every host reaches them."""

from django.db import models

from gateway import clock


class StoredFile(models.Model):
    """A file that an import is made of, until its rows are saved. Its bytes are in chunks."""

    name = models.CharField(max_length=100, unique=True)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes; 0 until all of it is here.")
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name


class StoredChunk(models.Model):
    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="chunks")
    number = models.PositiveIntegerField(help_text="From 0.")
    data = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="one_chunk_of_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id}/{self.number}"
