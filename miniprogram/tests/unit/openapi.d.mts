export interface Schema {
  enum?: string[]
  properties?: Record<string, object>
  required?: string[]
}

export function openapi(): { components: { schemas: Record<string, Schema> } }
